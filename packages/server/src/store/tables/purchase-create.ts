import { LIMITS } from "@holdpoint/protocol";
import type { PurchaseJudgement } from "@holdpoint/protocol/spend";
import { agentActor } from "../../domain/actor.js";
import { digestTextOf } from "../../domain/digest.js";
import { deciderOf, denialOf } from "../../domain/policy/answer.js";
import type { PolicyAnswer } from "../../domain/policy/question.js";
import type { NewRequest, Resolution } from "../../domain/request.js";
import { refusalOf } from "../../domain/spend/problem.js";
import { type NewPurchase, type Purchase, SPEND_POLICY } from "../../domain/spend/purchase.js";
import { withEffect } from "../../domain/spend/shielded.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { PurchaseRow, RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import { together } from "../together.js";
import type { PurchaseStore } from "../verbs/purchases.js";
import type { EventWriter } from "./event-row.js";
import type { PurchaseLoader } from "./purchase-loader.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { answerRow } from "./request-answer.js";
import { optional, RequestMapper } from "./request-row.js";
import type { ShieldParts } from "./shield.js";
import { createRequestLog } from "./shield-request.js";
import { type Account, type AccountChain, remainingOf } from "./spend-accounts.js";
import { EVER } from "./spend-judge.js";

/** Makes a purchase within a transaction. */
export type CreatePurchase = (
  transaction: Transaction,
  purchase: NewPurchase,
) => ReturnType<PurchaseStore["create"]>;

/** @param appendEvent - Followed by nobody who moves money. */
export function createPurchaseCreation(
  database: Database,
  vault: Vault,
  money: PurchaseMoney,
  loader: PurchaseLoader,
  appendEvent: EventWriter,
  shield: ShieldParts,
): CreatePurchase {
  const { dialect } = database;
  const requests = new RequestMapper(dialect, vault);
  const logStep = createRequestLog(shield, requests, appendEvent);
  const { queries, mapper } = money;

  async function create(
    transaction: Transaction,
    purchase: NewPurchase,
  ): ReturnType<PurchaseStore["create"]> {
    const { request, terms } = purchase;
    const { id: requestId, projectId, agent, createdAt: at } = request;
    const organisationId = await organisationOf(transaction, projectId);
    const chain = { projectId, agentId: agent.id, organisationId, currency: terms.currency };
    const accounts = await money.accounts.lock(transaction, chain, at);
    // Read under the locks, so that what is judged is what stands when it is moved.
    const [{ rows: standing }, inForce] = await together([
      money.requests.findById(transaction, request),
      money.judge.limits.read(transaction, chain),
    ]);
    if (standing[0] !== undefined) return replay(transaction, standing[0], request);
    const question = { requestId, terms, at, until: EVER, ownMinor: 0 };
    const bound = await money.judge.judge(transaction, accounts, chain, inForce, question);
    const judgement = tighten(bound, purchase.policy);
    if (judgement.outcome === "pending" && (await hasTooMany(transaction, agent.id, at))) {
      return { outcome: "too_many" };
    }
    const told = withEffect(purchase, bound.outcome);
    const made = await record(transaction, told, chain, accounts, judgement);
    return made ? { outcome: "created", purchase: made } : { outcome: "conflict" };
  }

  async function organisationOf(reader: Reader, projectId: string): Promise<string | null> {
    const { rows } = await queries.findOrganisation(reader, { projectId });
    return rows[0]?.organisation_id ?? null;
  }

  async function replay(
    reader: Reader,
    row: RequestRow,
    { id, projectId, agent, digest }: NewPurchase["request"],
  ): ReturnType<PurchaseStore["create"]> {
    const isSame =
      row.project_id === projectId && row.agent_id === agent.id && row.digest === digest;
    const purchase = isSame ? await loader.load(reader, projectId, id) : undefined;
    return purchase ? { outcome: "replayed", purchase } : { outcome: "conflict" };
  }

  async function hasTooMany(reader: Reader, agentId: string, now: number): Promise<boolean> {
    const limit = LIMITS.pendingPurchases;
    const { rows } = await queries.countPending(reader, { agentId, now, limit });
    return dialect.decodeInteger(rows[0]?.count ?? 0) >= limit;
  }

  /** The request, its answer where policy has one, and the money. `undefined`: the id is taken. */
  async function record(
    transaction: Transaction,
    purchase: NewPurchase,
    chain: AccountChain,
    accounts: readonly Account[],
    judgement: PurchaseJudgement,
  ): Promise<Purchase | undefined> {
    const pending = requests.toRow(requestOf(purchase, judgement));
    const resolution = resolutionOf(purchase, judgement);
    const answered = resolution && answerRow(requests, pending, resolution);
    const requestRow = answered?.row ?? pending;
    const inserted = await money.requests.insert(transaction, requestRow);
    if (inserted.numAffectedRows !== 1n) return undefined;
    const row = mapper.toRow(purchase, chain.organisationId, judgement);
    // Sent together, run in turn: the events stand in this order.
    await together([
      queries.insert(transaction, row),
      tellCreated(transaction, pending, purchase),
      logStep(transaction, purchase.request, pending),
      row.hold === "HELD" && reserve(transaction, row, pending, purchase, accounts),
      answered && appendEvent(transaction, answered.event),
    ]);
    const used = row.hold === "HELD" ? purchase.terms.amountMinor : 0;
    const left = accounts.map((account) => ({ ...account, held: account.held + used }));
    return mapper.toPurchase(row, requests.toRequest(requestRow), remainingOf(left));
  }

  async function tellCreated(transaction: Transaction, row: RequestRow, { request }: NewPurchase) {
    const { createdAt: at, agent } = request;
    const actor = agentActor(agent);
    const event = { ...requests.toEvent(row), type: "request.created", at, actor } as const;
    await appendEvent(transaction, event);
  }

  async function reserve(
    transaction: Transaction,
    row: PurchaseRow,
    requestRow: RequestRow,
    { request, terms: { amountMinor } }: NewPurchase,
    accounts: readonly Account[],
  ) {
    const { createdAt: at, agent } = request;
    await money.record(transaction, row, accounts, {
      base: requests.toEvent(requestRow),
      type: "purchase.reserved",
      at,
      actor: agentActor(agent),
      amountMinor,
      movements: [{ kind: "reserve", from: "available", to: "held", amountMinor }],
    });
  }

  return create;
}

/**
 * What the project's policy adds to what binds the money: it holds what would be let through, and
 * refuses. The role that a spend policy names stays: a person of another would be less, not more.
 */
function tighten(
  judgement: PurchaseJudgement,
  answer: PolicyAnswer | undefined,
): PurchaseJudgement {
  if (answer === undefined || judgement.outcome === "rejected") return judgement;
  if (answer.failed === true || answer.verdict === "hold") {
    return { ...judgement, outcome: "pending", ...optional("role", judgement.role ?? answer.role) };
  }
  return answer.verdict === "deny" ? { ...judgement, outcome: "rejected" } : judgement;
}

/** Who decides it and until when is for the judgement to say. */
function requestOf(
  { request }: NewPurchase,
  { role, quorum, expiryMs }: PurchaseJudgement,
): NewRequest {
  return {
    ...request,
    expiresAt: request.createdAt + expiryMs,
    ...(role !== undefined && { role }),
    ...(quorum > 1 && { quorum }),
  };
}

/** What policy decides at once; `undefined` where a person does. */
function resolutionOf(
  { request, grant, policy }: NewPurchase,
  { outcome, checks }: PurchaseJudgement,
): Resolution | undefined {
  const decided = { decidedBy: SPEND_POLICY, at: request.createdAt };
  const refusal = refusalOf(checks);
  switch (outcome) {
    case "pending":
      return undefined;
    case "rejected":
      return {
        ...decided,
        status: "REJECTED",
        // Nothing that binds the money is against it: the project's policy is.
        ...(refusal === "" && policy
          ? { decidedBy: deciderOf(policy), reason: denialOf(policy) }
          : { reason: refusal }),
      };
    case "auto_approved":
      return {
        ...decided,
        status: "APPROVED",
        approvedDigest: digestTextOf(request.payload),
        grant,
      };
  }
}
