import { type JsonObject, LIMITS } from "@holdpoint/protocol";
import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import type { executeActionSchema } from "@holdpoint/protocol/schemas";
import { typeidUnboxed } from "typeid-js";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { AgentCaller, CallerLease } from "../../domain/caller.js";
import { digestOf, digestTextOf } from "../../domain/digest.js";
import { type Action, returnsOutput } from "../../domain/gate/action.js";
import type { CallVerdict, GateCall, NewGateCall } from "../../domain/gate/call.js";
import { costOf } from "../../domain/gate/cost.js";
import {
  actionDenied,
  actionNotFound,
  actionScopeMissing,
  callIdConflict,
  leaseBudgetExhausted,
  parametersMissing,
} from "../../domain/gate/problem.js";
import { authorityFrozen } from "../../domain/identity/problem.js";
import { reachesAction } from "../../domain/identity/scopes.js";
import { assertFitsSchema } from "../../domain/schema/check.js";
import { type Judged, judgeCall, type Plan } from "./judge.js";
import { type Answered, continueCall } from "./known.js";
import { findCall } from "./load.js";
import { type BegunCall, runCall } from "./run.js";
import { startOf } from "./start.js";

export type ExecuteInput = z.output<typeof executeActionSchema>;

/** An agent whose call came with a lease. */
export type LeasedCaller = AgentCaller & { readonly lease: CallerLease };

/**
 * Lets an agent use an action without ever holding what it takes: judges the call, asks a person where
 * the policy says so, runs it within its budget, and answers once what came of it is on record. Sent
 * again, a call goes on where it stands. What is checked, and in this order:
 *
 * the action is in use · the lease's scopes reach it · authority is not frozen · the id is new, or names
 * this very call · the parameters fit its schema · the policy lets it through · its budget suffices.
 *
 * A lease that is live says that authority is not frozen; that is asked once more in the transaction
 * that begins anything.
 *
 * @throws {ProblemError} `ACTION_NOT_FOUND`, `SCOPE_MISSING`, those of {@link continueCall},
 *   `VALIDATION_FAILED`, `PARAMETERS_INVALID`, `ACTION_DENIED`, `AUTHORITY_FROZEN`,
 *   `LEASE_BUDGET_EXHAUSTED`, `UNAVAILABLE` while closing.
 */
export async function executeAction(
  context: Context,
  caller: LeasedCaller,
  actionId: string,
  input: ExecuteInput,
): Promise<Answered> {
  const { gate, metrics, store } = context;
  const [known, action] = await metrics.timeGateStep("find", () =>
    Promise.all([
      findCall(context, caller.projectId, input.id),
      store.actions.find(caller.projectId, actionId),
    ]),
  );
  if (action === undefined && known?.action.id !== actionId) throw actionNotFound();
  if (!reachesAction(caller.scopes, actionId)) throw actionScopeMissing(actionId, caller.scopes);
  if (known !== undefined) {
    return continueCall(context, caller, known, { actionId, input });
  }
  if (action === undefined) throw actionNotFound();
  const plan = await planOf(context, caller, action, input);
  const judged = await metrics.timeGateStep("judge", () => judgeCall(context, caller, plan));
  return gate.admit((signal) => begin(context, caller, input, plan, judged, signal));
}

/** What is about to be judged: parameters that fit, what they cost, and the request they make. */
async function planOf(
  { clock }: Context,
  caller: LeasedCaller,
  action: Action,
  input: ExecuteInput,
): Promise<Plan> {
  if (input.parameters === undefined) throw parametersMissing();
  const parameters = input.parameters as JsonObject;
  await assertFitsSchema(parameters, action.manifest.parameters, {
    code: "PARAMETERS_INVALID",
    path: "/parameters",
  });
  const cost = costOf(action.manifest, parameters);
  const request = requestOf(caller, action, parameters, input, clock.now());
  return { action, parameters, request, claims: input, ...(cost && { cost }) };
}

function requestOf(
  { projectId, agent }: LeasedCaller,
  action: Action,
  parameters: JsonObject,
  input: ExecuteInput,
  at: number,
): Plan["request"] {
  return {
    id: input.id,
    projectId,
    agent,
    service: GATE_SERVICE,
    action: action.id,
    payload: parameters,
    schema: action.manifest.parameters,
    encrypted: false,
    priority: action.manifest.risk,
    metadata: {},
    createdAt: at,
    expiresAt: at + (input.timeout_ms ?? LIMITS.defaultTimeoutMs),
    digest: digestOf({ action: action.id, input }),
    payloadDigest: digestTextOf(parameters),
    ...(input.agent_label !== undefined && { agentLabel: input.agent_label }),
    ...(input.environment !== undefined && { environment: input.environment }),
    ...(input.run_id !== undefined && { runId: input.run_id }),
    ...(input.parent_request_id !== undefined && { parentRequestId: input.parent_request_id }),
  };
}

async function begin(
  context: Context,
  caller: LeasedCaller,
  input: ExecuteInput,
  plan: Plan,
  judged: Judged,
  signal: AbortSignal,
): Promise<Answered> {
  const { store, metrics } = context;
  const made = await metrics.timeGateStep("begin", () =>
    store.gateCalls.create(newCallOf(caller, plan, judged)),
  );
  if (made.outcome === "frozen") throw authorityFrozen();
  if (made.outcome === "taken") return continueTaken(context, caller, plan.action.id, input);
  const { call } = made;
  tellMade(context, call);
  if (made.outcome === "exhausted") {
    metrics.observeGateCall("exhausted");
    throw leaseBudgetExhausted(call.request);
  }
  switch (judged.decision.kind) {
    case "deny":
      metrics.observeGateCall("denied");
      throw actionDenied(call);
    case "hold":
      metrics.observeGateCall("held");
      return { call, isReplayed: false, returnsOutput: false };
    case "run": {
      const { action, parameters } = plan;
      const begun = { call: call as BegunCall, action, parameters };
      const ended = await runCall(context, caller, begun, signal);
      return { call: ended, isReplayed: false, returnsOutput: returnsOutput(action) };
    }
  }
}

/** The same call was sent twice at once, or the id is of something else. */
async function continueTaken(
  context: Context,
  caller: LeasedCaller,
  actionId: string,
  input: ExecuteInput,
): Promise<Answered> {
  const known = await findCall(context, caller.projectId, input.id);
  if (known === undefined) throw callIdConflict();
  return continueCall(context, caller, known, { actionId, input });
}

function tellMade({ expiry, metrics, wakeups }: Context, { request }: GateCall): void {
  if (request.status === "PENDING") expiry.watch(request.expiresAt);
  else metrics.observeResolution(request.status);
  wakeups.notify(request);
}

function newCallOf(
  { lease }: LeasedCaller,
  plan: Plan,
  { decision, judgement, kept }: Judged,
): NewGateCall {
  const { action, cost, request } = plan;
  const role = decision.kind === "hold" ? decision.role : undefined;
  return {
    request: { ...request, ...kept, policy: judgement, ...(role !== undefined && { role }) },
    action: { id: action.id, version: action.version, digest: action.digest },
    lease,
    verdict: verdictOf(plan, decision),
    ...(cost && { cost }),
  };
}

function verdictOf({ action, request }: Plan, decision: Judged["decision"]): CallVerdict {
  if (decision.kind !== "run") return decision;
  const { createdAt: at, payload } = request;
  return {
    ...decision,
    approvedDigest: request.payloadDigest ?? digestTextOf(payload),
    grant: { id: typeidUnboxed("gnt"), expiresAt: at + LIMITS.grantMs },
    start: startOf(action, typeidUnboxed("exe"), at),
  };
}
