import { sql } from "kysely";
import type { CallCost } from "../../domain/gate/call.js";
import { dayOf } from "../../domain/gate/day.js";
import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";

/** Where the calls of a day are counted, whatever they cost. */
const ALL_CALLS = "";
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** What a call draws on: its session, and the agent's day (UTC). */
export interface Drawn {
  readonly agentId: string;
  readonly sessionId: string;
  readonly at: number;
  readonly cost?: CallCost;
}

export type GateBudget = ReturnType<typeof createGateBudget>;

/**
 * What sessions and days may still call, and at what cost. The conditions in the updates decide, not
 * anything read before them; they go from the session to the day, so that none waits for itself.
 */
export function createGateBudget(dialect: Dialect) {
  const queries = prepareBudgetQueries();

  /** False: something does not suffice, and nothing is drawn. */
  async function reserve(transaction: Transaction, drawn: Drawn): Promise<boolean> {
    if (!(await drawSession(transaction, drawn))) return false;
    if (await drawDay(transaction, drawn)) return true;
    await giveSessionBack(transaction, drawn);
    return false;
  }

  async function drawSession(transaction: Transaction, { sessionId, cost }: Drawn) {
    const draw = { sessionId, amount: cost?.amountMinor ?? 0, currency: cost?.currency ?? null };
    const query = costs(cost) ? queries.drawCost : queries.drawCall;
    return (await query(transaction, draw)).numAffectedRows === 1n;
  }

  /** What is counted last fits, or what was counted before it is taken back. */
  async function drawDay(transaction: Transaction, { agentId, at, cost }: Drawn) {
    const day = dayOf(at);
    const { rows } = await queries.findLimits(transaction, { agentId });
    const limits = rows[0];
    const maxCalls = decodeLimit(limits?.max_calls_per_day);
    const counted = await queries.countCall(transaction, {
      agentId,
      day,
      currency: ALL_CALLS,
      maxCalls,
    });
    if (counted.rows.length === 0) return false;
    if (!costs(cost)) return true;
    const { amountMinor: amount, currency } = cost;
    const maxCost = decodeLimit(limits?.max_cost_per_day);
    const isOtherCurrency = maxCost !== UNLIMITED && limits?.cost_currency !== currency;
    const fits = !isOtherCurrency && amount <= maxCost;
    const room = maxCost - amount;
    const added =
      fits && (await queries.countCost(transaction, { agentId, day, currency, amount, room }));
    if (added && added.rows.length === 1) return true;
    await queries.uncountCall(transaction, { agentId, day, currency: ALL_CALLS });
    return false;
  }

  /** What was drawn for a call of which nothing was sent. */
  async function giveBack(transaction: Transaction, drawn: Drawn): Promise<void> {
    const { agentId, at, cost } = drawn;
    const day = dayOf(at);
    await giveSessionBack(transaction, drawn);
    await queries.uncountCall(transaction, { agentId, day, currency: ALL_CALLS });
    if (!costs(cost)) return;
    const { amountMinor: amount, currency } = cost;
    await queries.uncountCost(transaction, { agentId, day, currency, amount });
  }

  async function giveSessionBack(transaction: Transaction, { sessionId, cost }: Drawn) {
    const amount = cost?.amountMinor ?? 0;
    const query = costs(cost) ? queries.giveCostBack : queries.giveCallBack;
    await query(transaction, { sessionId, amount, currency: cost?.currency ?? null });
  }

  function decodeLimit(stored: number | null | undefined): number {
    return stored === null || stored === undefined ? UNLIMITED : dialect.decodeInteger(stored);
  }

  return { reserve, giveBack };
}

function costs(cost: CallCost | undefined): cost is CallCost {
  return cost !== undefined && cost.amountMinor > 0;
}

function prepareBudgetQueries() {
  return {
    drawCall: prepareQuery((reader, draw: SessionDraw) =>
      updateSession(reader, draw).set({ calls: sql<number>`calls + 1` }).where(HAS_CALLS),
    ),
    drawCost: prepareQuery((reader, draw: SessionDraw) =>
      updateSession(reader, draw)
        .set({
          calls: sql<number>`calls + 1`,
          cost: sql<number>`case when currency is null or currency = ${draw.currency} then cost + ${draw.amount} else cost end`,
          currency: sql<string>`coalesce(currency, ${draw.currency})`,
        })
        .where(HAS_CALLS)
        .where(
          sql<boolean>`(max_cost is null or currency = ${draw.currency}) and cost + ${draw.amount} <= coalesce(max_cost, ${sql.lit(UNLIMITED)})`,
        ),
    ),
    giveCallBack: prepareQuery((reader, draw: SessionDraw) =>
      updateSession(reader, draw).set({ calls: sql<number>`calls - 1` }),
    ),
    giveCostBack: prepareQuery((reader, draw: SessionDraw) =>
      updateSession(reader, draw).set({
        calls: sql<number>`calls - 1`,
        cost: sql<number>`case when currency = ${draw.currency} then cost - ${draw.amount} else cost end`,
      }),
    ),
    findLimits: prepareQuery(({ db }, { agentId }: { readonly agentId: string }) =>
      db
        .selectFrom("agents")
        .select(["max_calls_per_day", "max_cost_per_day", "cost_currency"])
        .where("id", "=", agentId),
    ),
    countCall: prepareQuery(({ db }, one: Day & { readonly maxCalls: number }) =>
      db
        .insertInto("gate_days")
        .values({ agent_id: one.agentId, day: one.day, currency: one.currency, calls: 1, cost: 0 })
        .onConflict((conflict) =>
          conflict
            .columns(["agent_id", "day", "currency"])
            .doUpdateSet({ calls: sql<number>`gate_days.calls + 1` })
            .where("gate_days.calls", "<", one.maxCalls),
        )
        .returning("calls"),
    ),
    countCost: prepareQuery(({ db }, one: DayCost & { readonly room: number }) =>
      db
        .insertInto("gate_days")
        .values({
          agent_id: one.agentId,
          day: one.day,
          currency: one.currency,
          calls: 0,
          cost: one.amount,
        })
        .onConflict((conflict) =>
          conflict
            .columns(["agent_id", "day", "currency"])
            .doUpdateSet({ cost: sql<number>`gate_days.cost + excluded.cost` })
            .where("gate_days.cost", "<=", one.room),
        )
        .returning("cost"),
    ),
    uncountCall: prepareQuery((reader, one: Day) =>
      updateDay(reader, one).set({ calls: sql<number>`calls - 1` }),
    ),
    uncountCost: prepareQuery((reader, one: DayCost) =>
      updateDay(reader, one).set({ cost: sql<number>`cost - ${one.amount}` }),
    ),
  };
}

interface SessionDraw {
  readonly sessionId: string;
  readonly amount: number;
  readonly currency: string | null;
}

interface Day {
  readonly agentId: string;
  readonly day: number;
  readonly currency: string;
}

type DayCost = Day & { readonly amount: number };

const HAS_CALLS = sql<boolean>`calls < coalesce(max_calls, ${sql.lit(UNLIMITED)})`;

function updateSession({ db }: Reader, { sessionId }: SessionDraw) {
  return db.updateTable("gate_sessions").where("id", "=", sessionId);
}

function updateDay({ db }: Reader, { agentId, day, currency }: Day) {
  return db
    .updateTable("gate_days")
    .where("agent_id", "=", agentId)
    .where("day", "=", day)
    .where("currency", "=", currency);
}
