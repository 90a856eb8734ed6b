import { LIMITS } from "@holdpoint/protocol";
import { type EscrowOpening, parseJws } from "@holdpoint/protocol/escrow";
import type { openEscrowSchema } from "@holdpoint/protocol/schemas";
import type { WirePurchaseDetails } from "@holdpoint/protocol/spend";
import type { z } from "zod";
import type { Context } from "../../../context.js";
import type { AgentCaller } from "../../../domain/caller.js";
import { ESCROW_ACTION, type Escrow } from "../../../domain/escrow.js";
import type { AgentKey } from "../../../domain/escrow-key.js";
import {
  escrowIdConflict,
  faultProblem,
  payeeInvalid,
  problemOf,
} from "../../../domain/escrow-problem.js";
import { fixedSchemaOf } from "../../../domain/escrow-question.js";
import { ProblemError } from "../../../domain/problem.js";
import { payloadOf } from "../../../domain/spend/payload.js";
import { pendingExceeded } from "../../../domain/spend/problem.js";
import type { NewPurchase, PurchaseTerms } from "../../../domain/spend/purchase.js";
import type { EscrowStore } from "../../../store/verbs/escrows.js";
import { judgePurchase } from "../../policy/purchase.js";
import { assertDetails, purchaseOf } from "../intake.js";
import { sweepEscrows } from "./load.js";
import { verifySteps } from "./verify.js";

type OpenInput = z.output<typeof openEscrowSchema>;
type Party = AgentKey["agent"];

/**
 * Takes in what an agent puts aside for another: verifies what it signed, judges it like any other
 * purchase, and holds the money.
 *
 * @throws {ProblemError} `ESCROW_PAYEE_INVALID`, `VALIDATION_FAILED`, those of {@link verifySteps},
 *   `ESCROW_CONFLICT` for a parent that is no longer open, and those of a purchase.
 */
export async function openEscrow(
  context: Context,
  caller: AgentCaller,
  input: OpenInput,
): Promise<{ readonly escrow: Escrow; readonly isNew: boolean }> {
  const opening = readOpening(input.step);
  assertDetails({ id: opening.request_id, projectId: caller.projectId }, input);
  const payee = await findPayee(context, caller, opening);
  await assertTimes(context, opening);
  await verify(context, caller, input, opening, payee);
  const asked = identify(context, caller, input, opening, payee);
  // Before it is measured: what is refused leaves nothing with the shield.
  const holder = await context.store.requests.takenBy(asked.request);
  if (holder === "another") throw escrowIdConflict();
  const purchase = await judgePurchase(context, caller, asked);
  await sweepEscrows(context);
  const result = await context.store.escrows.open(purchase, { opening, step: input.step });
  if (!("escrow" in result)) throw refusalOf(result);
  const isNew = result.outcome === "opened";
  if (isNew) tell(context, result.escrow);
  return { escrow: result.escrow, isNew };
}

function refusalOf(
  result: Exclude<Awaited<ReturnType<EscrowStore["open"]>>, { readonly escrow: Escrow }>,
): ProblemError {
  if (result.outcome === "refused") return result.problem;
  if (result.outcome === "conflict") return escrowIdConflict();
  return pendingExceeded(LIMITS.pendingPurchases);
}

function readOpening(step: string): EscrowOpening {
  try {
    return parseJws(step, ["open"]).content;
  } catch (error) {
    throw problemOf(error);
  }
}

async function findPayee(
  { store }: Context,
  { projectId, agent }: AgentCaller,
  { project_id, payer, payee }: EscrowOpening,
): Promise<Party> {
  if (payer.agent_id !== agent.id) throw faultProblem("wrong_signer");
  if (project_id !== projectId) throw faultProblem("other_project");
  if (payee.agent_id === agent.id) throw payeeInvalid("Expected another agent than the payer.");
  const found = await store.agents.find(projectId, payee.agent_id);
  if (found !== undefined) return { id: found.id, name: found.name };
  throw payeeInvalid("Expected an agent of this project as the payee; others cannot be paid here.");
}

async function verify(
  context: Context,
  caller: AgentCaller,
  { step, details = {} }: OpenInput,
  opening: EscrowOpening,
  payee: Party,
): Promise<void> {
  const { projectId } = caller;
  const attestations = await Promise.all([
    findKey(context, projectId, opening.payer.key_id, caller.agent),
    findKey(context, projectId, opening.payee.key_id, payee),
  ]);
  const escrowId = opening.escrow_id;
  const subject = { terms: details };
  await verifySteps(context, { projectId, escrowId, steps: [step], attestations, subject });
}

/** The attestation of a key that is this agent's own. */
async function findKey(
  { store }: Context,
  projectId: string,
  keyId: string,
  agent: Party,
): Promise<string> {
  const key = await store.agentKeys.find(projectId, keyId);
  if (key === undefined) throw faultProblem("unknown_key");
  if (key.agent.id !== agent.id) throw faultProblem("foreign_key");
  return key.attestation;
}

/** Puts what the server knows beside what the agent signed, of which a person edits nothing. */
function identify(
  { clock }: Context,
  caller: AgentCaller,
  input: OpenInput,
  { amount, escrow_id, request_id }: EscrowOpening,
  payee: Party,
): NewPurchase {
  const terms: PurchaseTerms = {
    amountMinor: amount.amount_minor,
    currency: amount.currency,
    category: input.category,
    merchantName: payee.name,
    payee: payee.id,
  };
  const payload = payloadOf(terms, (input.details ?? {}) as WirePurchaseDetails);
  return purchaseOf(caller, input, {
    id: request_id,
    action: ESCROW_ACTION,
    metadata: { escrow_id },
    terms,
    plain: () => ({ payload, schema: fixedSchemaOf(payload) }),
    now: clock.now(),
  });
}

/** The same opening sent again is answered, whatever the time is by now. */
async function assertTimes({ store, clock }: Context, opening: EscrowOpening): Promise<void> {
  const { project_id, escrow_id, fulfil_by, release_by } = opening;
  if ((await store.escrows.find(project_id, escrow_id)) !== undefined) return;
  const now = clock.now();
  if (Date.parse(fulfil_by) <= now) throw timesInvalid("fulfil_by", "a time to come");
  if (Date.parse(release_by) - now <= LIMITS.maxTimeoutMs) return;
  throw timesInvalid("release_by", "a time within 30 days");
}

function timesInvalid(name: string, expected: string): ProblemError {
  const message = `Expected ${name} to be ${expected}.`;
  return new ProblemError({
    code: "VALIDATION_FAILED",
    detail: `/step: ${message}`,
    issues: [{ path: "/step", message }],
  });
}

function tell({ expiry, escrows, metrics, wakeups }: Context, escrow: Escrow): void {
  const { request } = escrow.purchase;
  if (request.status === "PENDING") expiry.watch(request.expiresAt);
  else metrics.observeResolution(request.status);
  escrows.watch(escrow.fulfilBy);
  wakeups.notify(request);
}
