import type { SpendRule } from "@holdpoint/protocol/spend";
import { agentActor } from "../../domain/actor.js";
import { ESCROW_ACTION } from "../../domain/escrow.js";
import { onlyByItsSteps } from "../../domain/escrow-problem.js";
import type { RequestEvent } from "../../domain/event.js";
import type { ProblemError } from "../../domain/problem.js";
import { type ConfirmationPlan, planConfirmation } from "../../domain/spend/confirm.js";
import { aboveApproved } from "../../domain/spend/problem.js";
import type { Confirmation } from "../../domain/spend/purchase.js";
import type { Database, Transaction } from "../database.js";
import type { PurchaseRow, RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { PurchaseStore } from "../verbs/purchases.js";
import type { PurchaseLoader } from "./purchase-loader.js";
import type { MoneyEvent, PurchaseMoney } from "./purchase-money.js";
import { chainOf } from "./purchase-row.js";
import { RequestMapper } from "./request-row.js";
import type { Account } from "./spend-accounts.js";
import { toleranceOf } from "./spend-judge.js";
import type { Movement } from "./spend-ledger.js";

/** What an amount above the approved one has to fit. The rest was judged when it was approved. */
const RULES_OF_AMOUNT: readonly SpendRule[] = [
  "per_request_limit",
  "daily_limit",
  "weekly_limit",
  "monthly_limit",
  "total_limit",
  "budget",
];

export function createPurchaseConfirmation(
  database: Database,
  vault: Vault,
  money: PurchaseMoney,
  loader: PurchaseLoader,
): PurchaseStore["confirm"] {
  const { dialect } = database;
  const requests = new RequestMapper(dialect, vault);
  const { queries, mapper } = money;

  async function confirm(
    transaction: Transaction,
    projectId: string,
    requestId: string,
    confirmation: Confirmation,
  ): ReturnType<PurchaseStore["confirm"]> {
    const { rows } = await money.requests.lock(transaction, {
      id: requestId,
      project_id: projectId,
    });
    const [request] = rows;
    const row = request && (await money.find(transaction, requestId));
    if (request === undefined || row === undefined) return undefined;
    if (request.action === ESCROW_ACTION) return { outcome: "refused", problem: onlyByItsSteps() };
    const plan = planConfirmation(stateOf(row, request), confirmation);
    const problem = await carryOut(transaction, row, request, confirmation, plan);
    if (problem !== undefined) return { outcome: "refused", problem };
    const purchase = await loader.load(transaction, projectId, requestId);
    if (purchase === undefined) return undefined;
    return { outcome: plan.step === "replay" ? "replayed" : "confirmed", purchase };
  }

  function stateOf(row: PurchaseRow, request: RequestRow) {
    const { actual_amount: actual, confirm_digest: digest } = row;
    return {
      requestStatus: request.status,
      executionStatus: request.execution_status,
      hold: row.hold,
      currency: row.currency,
      approvedMinor: mapper.toApproved(row),
      actualMinor: actual === null ? undefined : dialect.decodeInteger(actual),
      refundedMinor: dialect.decodeInteger(row.refunded_amount),
      confirmDigest: digest ?? undefined,
    };
  }

  /** Gives the problem where it is refused; then nothing has changed. */
  async function carryOut(
    transaction: Transaction,
    row: PurchaseRow,
    request: RequestRow,
    confirmation: Confirmation,
    plan: ConfirmationPlan,
  ): Promise<ProblemError | undefined> {
    if (plan.step === "replay") return undefined;
    if (plan.step === "refuse") return plan.problem;
    const said = saidOf(confirmation);
    if (plan.step === "note") {
      await queries.change(transaction, { ...row, ...said, from: row.hold });
      return undefined;
    }
    const accounts = await money.accounts.lock(transaction, chainOf(row), confirmation.at);
    if (plan.step === "settle" && !(await mayBePaid(transaction, row, accounts, plan))) {
      return aboveApproved(mapper.toApproved(row), row.currency);
    }
    const changed = { ...row, ...said, ...changeOf(plan, confirmation) };
    const updated = await queries.change(transaction, { ...changed, from: row.hold });
    if (updated.numAffectedRows !== 1n) throw new Error("Expected a locked purchase to stand.");
    if (plan.step === "release") {
      const { request_id: requestId } = row;
      await queries.voidGrant(transaction, { requestId, at: confirmation.at });
    }
    const event = eventOf(plan, mapper.toApproved(row), confirmation, requests.toEvent(request));
    if (event !== undefined) await money.record(transaction, changed, accounts, event);
    return undefined;
  }

  /** Whether what was paid is what was approved, or so little more that every policy bears it. */
  async function mayBePaid(
    transaction: Transaction,
    row: PurchaseRow,
    accounts: readonly Account[],
    plan: ConfirmationPlan & { readonly step: "settle" },
  ): Promise<boolean> {
    const approved = mapper.toApproved(row);
    if (plan.actualMinor <= approved) return true;
    const chain = chainOf(row);
    const inForce = await money.judge.limits.read(transaction, chain);
    if (plan.actualMinor - approved > toleranceOf(inForce, row.currency)) return false;
    const { checks } = await money.judge.judge(transaction, accounts, chain, inForce, {
      requestId: row.request_id,
      terms: { ...mapper.toTerms(row), amountMinor: plan.actualMinor },
      at: dialect.decodeInteger(row.reserved_at),
      until: dialect.decodeInteger(row.reserved_at),
      ownMinor: plan.late ? 0 : approved,
    });
    return !checks.some(({ rule, result }) => result === "fail" && RULES_OF_AMOUNT.includes(rule));
  }

  function changeOf(plan: ConfirmationPlan, { at }: Confirmation): Partial<PurchaseRow> {
    switch (plan.step) {
      case "settle":
        return {
          hold: "SETTLED",
          hold_expires_at: null,
          actual_amount: plan.actualMinor,
          confirmed_at: at,
          late: dialect.encodeBoolean(plan.late),
        };
      case "correct":
        return { actual_amount: plan.actualMinor };
      case "release":
        return { hold: "RELEASED", hold_expires_at: null, confirmed_at: at };
      default:
        return {};
    }
  }

  return (projectId, requestId, confirmation) =>
    database.write((transaction) => confirm(transaction, projectId, requestId, confirmation));
}

/** What the agent says, whatever becomes of the money. */
function saidOf({ digest, receiptUrl, externalId }: Confirmation): Partial<PurchaseRow> {
  return {
    confirm_digest: digest,
    ...(receiptUrl !== undefined && { receipt_url: receiptUrl }),
    ...(externalId !== undefined && { external_id: externalId }),
  };
}

/** What moves, and the event that proves it. */
function eventOf(
  plan: ConfirmationPlan,
  approvedMinor: number,
  { agent, at }: Confirmation,
  base: Omit<RequestEvent, "type" | "at" | "actor">,
): MoneyEvent | undefined {
  const cause = { base, at, actor: agentActor(agent) } as const;
  switch (plan.step) {
    case "settle": {
      const movements = plan.late
        ? [lateMovement(plan.actualMinor)]
        : settlingMovements(approvedMinor, plan.actualMinor);
      return { ...cause, type: "purchase.settled", amountMinor: plan.actualMinor, movements };
    }
    case "correct": {
      if (plan.backMinor === 0) return undefined;
      const movement = { kind: "adjust", from: "spent", to: "available" } as const;
      const movements = [{ ...movement, amountMinor: plan.backMinor }];
      return { ...cause, type: "purchase.refunded", amountMinor: plan.backMinor, movements };
    }
    case "release": {
      const movement = { kind: "release", from: "held", to: "available" } as const;
      const movements = [{ ...movement, amountMinor: approvedMinor }];
      return { ...cause, type: "purchase.released", amountMinor: approvedMinor, movements };
    }
    default:
      return undefined;
  }
}

function lateMovement(amountMinor: number): Movement {
  return { kind: "late", from: "available", to: "spent", amountMinor };
}

/** What was paid of what was held; and the difference, either way. */
function settlingMovements(approvedMinor: number, actualMinor: number): Movement[] {
  const amountMinor = Math.min(approvedMinor, actualMinor);
  const differenceMinor = approvedMinor - actualMinor;
  return [
    { kind: "settle", from: "held", to: "spent", amountMinor },
    differenceMinor >= 0
      ? { kind: "adjust", from: "held", to: "available", amountMinor: differenceMinor }
      : { kind: "adjust", from: "available", to: "spent", amountMinor: -differenceMinor },
  ];
}
