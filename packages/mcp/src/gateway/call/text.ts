import { ExecutionFailedError, OutcomeUnknownError } from "@holdpoint/sdk";
import { describeError } from "@holdpoint/sdk/adapter";
import type { CallToolResult, ProtocolError } from "@modelcontextprotocol/server";
import { UpstreamError } from "../upstream/error.js";
import type { HeldCall } from "./options.js";

/** The gateway's own tool. No server can have the name `holdpoint`. */
export const CHECK_TOOL = "holdpoint__check_request";

/** Nobody has decided yet. */
export function describeWaiting({ id, url, name }: HeldCall): CallToolResult {
  return toResult(
    `PENDING: a person has to decide ${name} first. It has not run.`,
    `The request is ${id}; a person decides it at ${url}`,
    `Call ${CHECK_TOOL} with {"request_id":"${id}"}: it waits for the person, then runs the call and gives its result. Call it again as long as it answers PENDING, or tell the user that it waits for approval and where. Do not make the call again, in this or another form.`,
  );
}

/** It was approved, and takes longer than a call of a client may. */
export function describeRunning({ id, name }: HeldCall): CallToolResult {
  return toResult(
    `RUNNING: ${name} was approved and has begun. Its result is not there yet.`,
    `Call ${CHECK_TOOL} with {"request_id":"${id}"} for the result. Do not make the call again, in this or another form.`,
  );
}

/** A no, from a person or the policy. */
export function refusal(text: string): CallToolResult {
  return problem(text.replace(/^STOP:/, "ACTION_REJECTED:"));
}

export function describeForeign({ id, name }: HeldCall): CallToolResult {
  return problem(`ERROR: ${id} (${name}) is no call of a tool behind this gateway. Nothing ran.`);
}

export function describeGone({ name }: HeldCall): CallToolResult {
  return problem(
    `ERROR: no server behind this gateway offers ${name} any more. Nothing ran; the approval stays.`,
  );
}

export function describeChanged({ name }: HeldCall): CallToolResult {
  return problem(
    `ERROR: the server has changed the definition of ${name} since a person was asked, so it was not run. Make the call again, for a person to decide anew.`,
  );
}

/** A failure for the model. Nothing is told of an error that nobody foresaw. */
export function describeFailure(name: string, error: unknown): CallToolResult {
  if (isLost(error)) return problem(describeLost(name));
  if (error instanceof UpstreamError) return problem(`ERROR: ${error.message}`);
  return problem(describeError(name, error));
}

/** What a server answers in place of a result, as a result that can be put on record. */
export function describeProtocolError({ code, message }: ProtocolError): CallToolResult {
  return problem(`MCP error ${code}: ${message}`);
}

/** There will be no other end: it is not run again under this approval. */
export function isOver(error: unknown): boolean {
  return (
    ExecutionFailedError.isInstance(error) || OutcomeUnknownError.isInstance(error) || isLost(error)
  );
}

/** Now, or as it is on record. */
function isLost(error: unknown): boolean {
  if (error instanceof UpstreamError) return error.code === "UPSTREAM_LOST";
  if (!ExecutionFailedError.isInstance(error)) return false;
  const { code } = Object(error.recorded) as { code?: unknown };
  return code === "UPSTREAM_LOST";
}

function describeLost(name: string): string {
  return [
    `UNKNOWN: ${name} was begun, the server then ended or did not answer in time, and nobody can say whether it had its effect. (OUTCOME_UNKNOWN)`,
    "Do not call it again, in this or another form: it might happen twice. Tell the user that somebody has to look, and go on without its result.",
  ].join("\n");
}

function toResult(...lines: readonly string[]): CallToolResult {
  return { content: [{ type: "text", text: lines.join("\n") }] };
}

function problem(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
