import type { Decision } from "@holdpoint/sdk";
import { describeDecision, describeError } from "@holdpoint/sdk/adapter";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { AskedRequest } from "../parts.js";
import type { Waited } from "./wait.js";

/** What `ask_human` and `check_request` answer with, for programs; the text says the same. */
export const ANSWER_SCHEMA = z.object({
  status: z.enum([
    "APPROVED",
    "APPROVED_WITH_MODIFICATIONS",
    "REJECTED",
    "EXPIRED",
    "CANCELLED",
    "PENDING",
  ]),
  request_id: z.string(),
  approved_payload: z.unknown().optional().describe("What may run, once; only when approved."),
  diff: z
    .object({ summary: z.string(), changes: z.array(z.unknown()) })
    .optional()
    .describe("What the person changed."),
  reason: z.string().optional().describe("The person's words."),
  url: z.string().describe("Where a person decides it."),
});

type Answer = z.infer<typeof ANSWER_SCHEMA>;

/** The answer for the model: only a text that begins with APPROVED lets anything run. */
export function describeAnswer(request: AskedRequest, waited: Waited): CallToolResult {
  return waited.decision ? decided(request, waited.decision) : pending(request, waited.isAway);
}

/** A failure for the model. Nothing is told of an error that is not Holdpoint's. */
export function describeProblem(name: string, error: unknown): CallToolResult {
  return { content: [{ type: "text", text: describeError(name, error) }], isError: true };
}

function decided({ id, url, name }: AskedRequest, decision: Decision<unknown>): CallToolResult {
  const { status, reason } = decision;
  const answer: Answer = {
    status,
    request_id: id,
    ...(decision.approved && { approved_payload: decision.approvedPayload }),
    ...(decision.status === "APPROVED_WITH_MODIFICATIONS" && {
      diff: { summary: decision.diffSummary.summary, changes: [...decision.diffSummary.changes] },
    }),
    ...(reason !== undefined && { reason }),
    url,
  };
  const text = describeDecision(name, decision);
  return decision.approved
    ? toResult(`${text}\nThe request is ${id}. ${ONE_RUN}`, answer)
    : { ...toResult(text.replace(/^STOP:/, "ACTION_REJECTED:"), answer), isError: true };
}

/** The same answer may be read twice: after a lost reply, or by asking for the request again. */
const ONE_RUN =
  "This is one approval for one run: if you were told of it before and have run it, do not run it again.";

function pending({ id, url, name }: AskedRequest, isAway: boolean): CallToolResult {
  const lines = [
    // With the time: hosts end a run whose tool gives the same answer again and again.
    `PENDING: a person has to decide ${name} first, and at ${new Date().toISOString()} nobody had. It is not approved, so do not run it.`,
    `The request is ${id}; a person decides it at ${url}`,
    ...(isAway ? ["The control plane does not answer at the moment; the request is safe."] : []),
    `For the answer, call check_request with {"request_id":"${id}"}. It waits for a while; call it again as long as it answers PENDING, or tell the user that it waits for approval and where. Do not ask again in another form.`,
  ];
  return toResult(lines.join("\n"), { status: "PENDING", request_id: id, url });
}

function toResult(text: string, answer: Answer): CallToolResult {
  return { content: [{ type: "text", text }], structuredContent: answer };
}
