// Loaded before a program of the documentation: a control plane in this process instead of one behind
// HOLDPOINT_URL, whose operator approves.
import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { createTestControlPlane } from "@holdpoint/testing";

const isAction = process.env.TOOL === "open-ticket";
const holdpoint = isAction
  ? await createActWorld()
  : await createTestControlPlane({ decisions: "approve" });
process.env.HOLDPOINT_API_KEY = holdpoint.apiKey;
process.env.HOLDPOINT_URL = holdpoint.url;
globalThis.fetch = holdpoint.fetch;
