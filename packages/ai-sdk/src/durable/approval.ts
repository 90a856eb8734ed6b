import { describeDecision, describeDenial, type GatedCall } from "@holdpoint/sdk/adapter";
import { composeCall, type GatedTool, gatedOf } from "../gating.js";
import { findTool } from "../tools.js";

const DAY_MS = 86_400_000;
/** How long to wait past the request's expiry, so that the answer is the control plane's. */
const GRACE_MS = 30_000;
/** The longest that can be waited for. */
const LONGEST_MS = 30 * DAY_MS;

/** What the framework tells of a call that may need approval (ai 7). */
export interface ApprovalQuestion {
  readonly toolCall: {
    readonly toolName: string;
    readonly toolCallId: string;
    readonly input: unknown;
  };
  readonly tools: object | undefined;
  readonly messages?: unknown;
  readonly toolsContext?: object;
}

/** What the framework takes for an answer (ai 7). */
export type ApprovalStatus =
  | undefined
  | { readonly type: "approved"; readonly reason?: string }
  | { readonly type: "denied"; readonly reason: string }
  | { readonly type: "user-approval"; readonly reason?: string };

/**
 * Answers the framework's native approval from Holdpoint: pass it as `toolApproval` (ai 7), beside
 * tools from {@link gateTools}. Then a no is the framework's own: a denied part, and
 * `execution-denied` for the model.
 *
 * Durable tools are answered with `user-approval`, which ends the run; park it with
 * {@link parkApprovals}. For all others it waits for the person, without a signal, for the framework
 * passes none. Tools that are not gated keep their own `needsApproval`.
 *
 * It may be asked again when a run goes on, and then finds the answer there is.
 *
 * @throws {HoldpointError} There is no answer to be had: the run rejects, and nothing has run.
 */
export async function holdpointApproval(question: ApprovalQuestion): Promise<ApprovalStatus> {
  const { toolName, toolCallId, input } = question.toolCall;
  const gated = gatedOf(question.tools, toolName);
  const own = await askOwn(question);
  if (gated === undefined) return own;
  const call = await composeCall(gated, input, { toolCallId });
  switch (await gated.gate.judge(call)) {
    case "deny":
      return { type: "denied", reason: describeDenial(gated.gate.nameOf(call)) };
    case "ask":
      if (gated.options.durable) return { type: "user-approval" };
      return askPerson(gated, call, own);
    default:
      return own;
  }
}

/** The tool's own `needsApproval`, which the framework leaves aside where there is a `toolApproval`. */
async function askOwn({
  toolCall: { toolName, toolCallId, input },
  tools,
  messages,
  toolsContext,
}: ApprovalQuestion): Promise<ApprovalStatus> {
  const tool = findTool(tools, toolName);
  if (!tool?.needsApproval || gatedOf(tools, toolName)?.options.durable) return undefined;
  const context = findTool(toolsContext, toolName);
  const options = { toolCallId, messages, context };
  const isNeeded = tool.needsApproval === true || (await tool.needsApproval(input, options));
  return isNeeded ? { type: "user-approval" } : undefined;
}

async function askPerson(
  { gate, options }: GatedTool,
  call: GatedCall,
  own: ApprovalStatus,
): Promise<ApprovalStatus> {
  const { id, url } = await gate.hold(call);
  const { status } = await gate.holdpoint.requests.get(id);
  if (status === "PENDING") options.onPending?.({ call, id, url });
  const timeoutMs = Math.min((options.timeoutMs ?? DAY_MS) + GRACE_MS, LONGEST_MS);
  const decision = await gate.holdpoint.wait(id, { timeoutMs });
  if (!decision.approved) {
    return { type: "denied", reason: describeDecision(gate.nameOf(call), decision) };
  }
  const { reason } = decision;
  return own ?? { type: "approved", ...(reason !== undefined && { reason }) };
}
