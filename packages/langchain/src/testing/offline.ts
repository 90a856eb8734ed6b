// Loaded before a program of the documentation: a fake model as `globalThis.model`, and a control
// plane in this process instead of one behind HOLDPOINT_URL, whose operator approves.

import { createActWorld } from "@holdpoint/adapter-conformance/act-world";
import { createTestControlPlane } from "@holdpoint/testing";
import { AIMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";

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

const model = fakeModel()
  .respondWithTools([{ name: TOOL, args, id: "call_1" }])
  .respond((messages) => new AIMessage(`I read: ${messages.at(-1)?.content}`));
Object.assign(globalThis, { model });

const isAction = TOOL === "open-ticket";
const holdpoint = isAction
  ? await createActWorld()
  : await createTestControlPlane(DECISIONS === "approve" ? { decisions: "approve" } : {});
process.env.HOLDPOINT_API_KEY = holdpoint.apiKey;
process.env.HOLDPOINT_URL = holdpoint.url;
globalThis.fetch = holdpoint.fetch;
