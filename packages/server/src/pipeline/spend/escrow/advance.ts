import {
  digestContent,
  type EscrowStage,
  type EscrowStatus,
  parseJws,
} from "@holdpoint/protocol/escrow";
import type {
  disputeEscrowSchema,
  fulfilEscrowSchema,
  releaseEscrowSchema,
} from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../../context.js";
import type { AgentCaller } from "../../../domain/caller.js";
import { type Escrow, type EscrowStepTaken, statusOf } from "../../../domain/escrow.js";
import {
  escrowConflict,
  escrowNotFound,
  faultProblem,
  problemOf,
} from "../../../domain/escrow-problem.js";
import { QUESTION_MS } from "../../../domain/escrow-question.js";
import { ProblemError } from "../../../domain/problem.js";
import { assertTold } from "../../../domain/told.js";
import { loadEscrow } from "./load.js";
import { verifySteps } from "./verify.js";

type StepContent = Pick<EscrowStepTaken, "type" | "jws" | "result" | "reason">;

/**
 * Takes the payee's word that the work is done, and what came of it. The same step again answers the
 * same.
 *
 * @throws {ProblemError} `ESCROW_NOT_FOUND`, `PERMISSION_DENIED`, `ESCROW_CONFLICT`, and those of
 *   {@link verifySteps}.
 */
export function fulfilEscrow(
  context: Context,
  caller: AgentCaller,
  escrowId: string,
  { step, result }: z.output<typeof fulfilEscrowSchema>,
): Promise<Escrow> {
  return advance(context, caller, escrowId, { type: "fulfil", jws: step, result });
}

/** Hands the money over, at the payer's word. Fails as {@link fulfilEscrow} does. */
export function releaseEscrow(
  context: Context,
  caller: AgentCaller,
  escrowId: string,
  { step }: z.output<typeof releaseEscrowSchema>,
): Promise<Escrow> {
  return advance(context, caller, escrowId, { type: "release", jws: step });
}

/** Puts it before a person, at the word of either. Fails as {@link fulfilEscrow} does. */
export function disputeEscrow(
  context: Context,
  caller: AgentCaller,
  escrowId: string,
  { step, reason }: z.output<typeof disputeEscrowSchema>,
): Promise<Escrow> {
  const said = reason === undefined ? {} : { reason };
  return advance(context, caller, escrowId, { type: "dispute", jws: step, ...said });
}

async function advance(
  context: Context,
  caller: AgentCaller,
  escrowId: string,
  step: StepContent,
): Promise<Escrow> {
  const escrow = await loadEscrow(context, caller, escrowId);
  assertSide(caller, escrow, step.type);
  if (escrow.steps.includes(step.jws)) return escrow;
  const from = stageFor(escrow, step.type);
  await verify(context, caller, escrow, step);
  const { store, clock } = context;
  const taken = { ...step, from, agent: caller.agent, at: clock.now() };
  const result = await store.escrows.advance(escrow.projectId, escrow.id, taken);
  if (result === undefined) throw escrowNotFound();
  if (result.outcome === "lost") return refuse(context, caller, escrowId, step.type);
  if (result.outcome === "taken") tell(context, result.escrow, taken.at);
  return result.escrow;
}

const SIDES = { fulfil: ["payee"], release: ["payer"], dispute: ["payer", "payee"] } as const;

function assertSide(caller: AgentCaller, escrow: Escrow, type: StepContent["type"]): void {
  if (SIDES[type].some((side) => escrow[side].id === caller.agent.id)) return;
  throw new ProblemError({
    code: "PERMISSION_DENIED",
    detail: `Expected the escrow's ${SIDES[type].join(" or ")}; this agent is not. Let the other side take this step.`,
  });
}

const STAGES = {
  fulfil: ["OPEN"],
  release: ["FULFILLED"],
  dispute: ["OPEN", "FULFILLED"],
} as const satisfies Record<StepContent["type"], readonly EscrowStage[]>;

/** The stage that a step is taken on. */
function stageFor(escrow: Escrow, type: StepContent["type"]): EscrowStage {
  const status: EscrowStatus = statusOf(escrow);
  const stages: readonly EscrowStage[] = STAGES[type];
  const stage = stages.find((one) => one === status);
  if (stage === undefined) throw escrowConflict(status, stages.join(" or "));
  return stage;
}

async function verify(
  context: Context,
  caller: AgentCaller,
  escrow: Escrow,
  step: StepContent,
): Promise<void> {
  const { request } = escrow.purchase;
  assertTold(request, "result", step.result);
  const { content } = parseStep(step);
  const reasonDigest = "reason_digest" in content ? content.reason_digest : undefined;
  await assertReason(request.encrypted, step.reason, reasonDigest);
  const verified = await verifySteps(context, {
    projectId: escrow.projectId,
    escrowId: escrow.id,
    steps: [...escrow.steps, step.jws],
    attestations: escrow.attestations,
    subject: step.result === undefined ? {} : { result: step.result },
  });
  // Not even with the other's own signature does anybody take the other's step.
  const signedBy = verified.steps.at(-1)?.signedBy.agent_id;
  if (signedBy !== caller.agent.id) throw faultProblem("wrong_signer");
}

function parseStep({ type, jws }: StepContent) {
  try {
    return parseJws(jws, [type]);
  } catch (error) {
    throw problemOf(error);
  }
}

async function assertReason(
  encrypted: boolean,
  reason: string | undefined,
  digest: string | undefined,
): Promise<void> {
  if (encrypted && reason !== undefined) {
    const message = "Expected no reason in clear: the escrow is encrypted.";
    throw new ProblemError({
      code: "PLAINTEXT_REFUSED",
      detail: `${message} Leave it out; the person reads the escrow's own request.`,
      issues: [{ path: "/reason", message }],
    });
  }
  const expected = reason === undefined ? undefined : await digestContent(reason);
  if (digest !== expected) throw faultProblem("content_differs", "/reason");
}

/** It has lost to another step, or to its time: then a person is asked before it is read again. */
async function refuse(
  context: Context,
  caller: AgentCaller,
  escrowId: string,
  type: StepContent["type"],
): Promise<never> {
  await context.escrows.sweep();
  const standing = await loadEscrow(context, caller, escrowId);
  throw escrowConflict(statusOf(standing), STAGES[type].join(" or "));
}

function tell({ escrows, expiry, wakeups }: Context, escrow: Escrow, at: number): void {
  const { projectId, dispute, releaseBy, purchase } = escrow;
  if (escrow.stage === "FULFILLED") escrows.watch(releaseBy);
  if (escrow.stage === "DISPUTED" && dispute !== undefined) {
    expiry.watch(at + QUESTION_MS);
    escrows.watch(at + QUESTION_MS);
    wakeups.notify({ id: dispute.requestId, projectId });
  }
  wakeups.notify(purchase.request);
}
