// Loaded before a program of the documentation: a scripted model instead of OpenAI's, and a control
// plane in this process instead of one behind HOLDPOINT_URL, whose operator approves.

import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { createTestControlPlane } from "@holdpoint/testing";
import { setDefaultModelProvider, setTracingDisabled } from "@openai/agents";
import { assistantMessage, functionCall, ScriptedModel } from "@openai/agents/testing";

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

setTracingDisabled(true);
const model = new ScriptedModel([
  [functionCall(TOOL, args, { callId: "call_1" })],
  [assistantMessage("It is done.")],
]);
setDefaultModelProvider({ getModel: () => model });

const isAction = TOOL === "open-ticket";
const holdpoint = isAction
  ? await createActWorld()
  : await createTestControlPlane(DECISIONS === "approve" ? { decisions: "approve" } : {});
process.env.HOLDPOINT_API_KEY = holdpoint.apiKey;
process.env.HOLDPOINT_URL = holdpoint.url;
globalThis.fetch = holdpoint.fetch;
