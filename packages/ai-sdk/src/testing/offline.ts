// Loaded before a program of the documentation: a fake model instead of a provider's, and a control
// plane in this process instead of one behind HOLDPOINT_URL, whose operator approves.

import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { createTestControlPlane } from "@holdpoint/testing";
import { createModel } from "./model.js";

const { TOOL = "refund", DECISIONS = "approve" } = process.env;
const refund = { order: "A-7", cents: 500 };
const proposal = { action: "refund", payload: refund };
const purchase = { amount: "12.50", currency: "EUR", category: "cloud" };
const ARGS: Readonly<Record<string, Record<string, unknown>>> = {
  refund,
  request_purchase: purchase,
  "open-ticket": { title: "The printer is out of paper" },
};
const args = ARGS[TOOL] ?? proposal;

const { model } = createModel(7, [
  { calls: [{ id: "call_1", tool: TOOL, args }] },
  { text: "It is done." },
]);
const provider = { specificationVersion: "v4", languageModel: () => model };
globalThis.AI_SDK_DEFAULT_PROVIDER = provider as unknown as NonNullable<
  typeof globalThis.AI_SDK_DEFAULT_PROVIDER
>;

const isAction = TOOL === "open-ticket";
const holdpoint = isAction
  ? await createActWorld()
  : await createTestControlPlane(DECISIONS === "approve" ? { decisions: "approve" } : {});
process.env.HOLDPOINT_API_KEY = holdpoint.apiKey;
process.env.HOLDPOINT_URL = holdpoint.url;
globalThis.fetch = holdpoint.fetch;
