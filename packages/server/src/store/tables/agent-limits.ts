import { digestTextOf } from "../../domain/digest.js";
import type { Database } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { AgentLimitRow } from "../schema.js";
import type { AgentLimitStore, AgentLimits, AgentUse } from "../verbs/identities.js";
import type { ProjectEventWriter } from "./project-events.js";

const COLUMNS = ["lease_scopes", "max_calls_per_day", "max_cost_per_day", "cost_currency"] as const;
type LimitColumns = Pick<AgentLimitRow, (typeof COLUMNS)[number]>;

export function createAgentLimitStore(
  { read, write, dialect }: Database,
  appendProjectEvent: ProjectEventWriter,
): AgentLimitStore {
  // Asked before every call of the gate that is judged.
  const listDay = prepareQuery(({ db }, of: { readonly agentId: string; readonly day: number }) =>
    db
      .selectFrom("gate_days")
      .select(["currency", "calls", "cost"])
      .where("agent_id", "=", of.agentId)
      .where("day", "=", of.day)
      .orderBy("currency"),
  );
  return {
    async find(projectId, agentId) {
      const row = await read(({ db }) =>
        db
          .selectFrom("agents")
          .select(COLUMNS)
          .where("id", "=", agentId)
          .where("project_id", "=", projectId)
          .executeTakeFirst(),
      );
      return row && toLimits(row, dialect);
    },
    set: (projectId, agentId, { eventId, at, actor, ...limits }) =>
      write(async (transaction) => {
        const row = await transaction.db
          .updateTable("agents")
          .set(toColumns(limits, dialect))
          .where("id", "=", agentId)
          .where("project_id", "=", projectId)
          .returning(COLUMNS)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await appendProjectEvent(transaction, {
          id: eventId,
          projectId,
          type: "agent.limited",
          at,
          actor,
          agentId,
          subject: { id: agentId, digest: digestTextOf(limits) },
        });
        return toLimits(row, dialect);
      }),
    async usedOn(agentId, day, currency) {
      const { rows } = await read((reader) => listDay(reader, { agentId, day }));
      const days = rows.map((row) => ({
        currency: row.currency,
        calls: dialect.decodeInteger(row.calls),
        cost: dialect.decodeInteger(row.cost),
      }));
      return toUse(days, currency);
    },
  };
}

/** Without a currency, of the first in which anything was spent. */
function toUse(
  days: readonly { readonly currency: string; readonly calls: number; readonly cost: number }[],
  currency: string | undefined,
): AgentUse {
  const calls = days.reduce((sum, day) => sum + day.calls, 0);
  const spent = days.find((day) =>
    currency === undefined ? day.cost > 0 : day.currency === currency,
  );
  if (spent !== undefined) {
    return { calls, cost: { amountMinor: spent.cost, currency: spent.currency } };
  }
  return { calls, ...(currency !== undefined && { cost: { amountMinor: 0, currency } }) };
}

function toColumns(limits: AgentLimits, dialect: Dialect) {
  const { scopes, maxCallsPerDay, maxCostPerDay } = limits;
  return {
    lease_scopes: scopes === undefined ? null : dialect.encodeJson(scopes),
    max_calls_per_day: maxCallsPerDay ?? null,
    max_cost_per_day: maxCostPerDay?.amountMinor ?? null,
    cost_currency: maxCostPerDay?.currency ?? null,
  };
}

function toLimits(row: LimitColumns, dialect: Dialect): AgentLimits {
  const { lease_scopes, max_calls_per_day, max_cost_per_day, cost_currency } = row;
  return {
    ...(lease_scopes !== null && { scopes: dialect.decodeJson(lease_scopes) as string[] }),
    ...(max_calls_per_day !== null && { maxCallsPerDay: dialect.decodeInteger(max_calls_per_day) }),
    ...(max_cost_per_day !== null &&
      cost_currency !== null && {
        maxCostPerDay: {
          amountMinor: dialect.decodeInteger(max_cost_per_day),
          currency: cost_currency,
        },
      }),
  };
}
