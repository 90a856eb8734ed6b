import { ApprovalRequiredError } from "@holdpoint/sdk";
import {
  describeDecision,
  describePending,
  type Gate,
  type GatedCall,
} from "@holdpoint/sdk/adapter";
import type { ModelMessage } from "ai";
import { composeCalls } from "./calls.js";
import { listOpenApprovals, withoutResponses } from "./open.js";
import type { ParkApprovalsOptions } from "./park.js";

/**
 * The messages with the framework's own answers to every open approval request, by Holdpoint's
 * decisions: pass them to `generateText` or `streamText` with the same gated tools to go on. Answers
 * that are in the messages already are left out, for anybody may have put them there.
 *
 * @throws {ApprovalRequiredError} `APPROVAL_REQUIRED`: nobody has decided one of them yet.
 * @throws {IdempotencyConflictError} `IDEMPOTENCY_CONFLICT`: a call has other arguments than it was
 *   asked with.
 * @throws {ConfigurationError} As `parkApprovals` does.
 */
export async function answerApprovals({
  tools,
  messages,
  signal,
}: ParkApprovalsOptions): Promise<ModelMessage[]> {
  const approvals = listOpenApprovals(messages);
  if (approvals.length === 0) return [...messages];
  const { gate, calls } = await composeCalls(tools, approvals, signal);
  const answers = await Promise.all(calls.map((call) => answerCall(gate, call)));
  const content = answers.map((answer, index) => {
    const { approvalId } = approvals[index] as (typeof approvals)[number];
    return { type: "tool-approval-response" as const, approvalId, ...answer };
  });
  return [...withoutResponses(messages, approvals), { role: "tool", content }];
}

async function answerCall(gate: Gate, call: GatedCall) {
  const { id, url } = await gate.hold(call);
  const { status } = await gate.holdpoint.requests.get(id);
  const subject = gate.nameOf(call);
  if (status === "PENDING") {
    const message = describePending(subject, { id, url });
    throw new ApprovalRequiredError({ code: "APPROVAL_REQUIRED", message, requestId: id, url });
  }
  const decision = await gate.holdpoint.wait(id);
  if (!decision.approved) return { approved: false, reason: describeDecision(subject, decision) };
  const { reason } = decision;
  return { approved: true, ...(reason !== undefined && { reason }) };
}
