// Process A: asks, leaves its memory with the question, and ends. Nothing of it stays running.
import { holdpoint, keyOf, type Memory, question } from "./refund.js";

const refund = { orderId: process.argv[2] ?? "A-1042", amountMinor: 12_500 };
const memory: Memory = {
  customer: "Ada Lovelace",
  conversation: ["My lamp came broken.", "I am sorry. Let me ask for a refund of 125.00."],
  refund,
};

const { id, url } = await holdpoint.defer({
  ...question,
  payload: refund,
  idempotencyKey: keyOf(refund),
  state: memory,
});
console.log(id);
console.log(url);
