// Loaded before a program of the documentation: a control plane in this process instead of one behind
// HOLDPOINT_URL, whose operator approves.
import { createTestControlPlane } from "@holdpoint/testing";

const holdpoint = await createTestControlPlane({ decisions: "approve" });
process.env.HOLDPOINT_API_KEY = holdpoint.apiKey;
process.env.HOLDPOINT_URL = holdpoint.url;
globalThis.fetch = holdpoint.fetch;
