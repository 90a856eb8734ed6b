import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { KillSwitchRow } from "../schema.js";
import type { KillSwitch, KillSwitchStore, SpendTarget } from "../verbs/spend-limits.js";
import { actorIn, toActorColumns } from "./columns.js";
import { optional } from "./request-row.js";
import { placeOf } from "./spend-policies.js";
import { settlePurchases } from "./spending-lock.js";

export function createKillSwitchStore({ read, write, dialect }: Database): KillSwitchStore {
  return {
    set: (change) =>
      write(async (transaction) => {
        const { db } = transaction;
        await settlePurchases(transaction, dialect, change.projectId);
        const standing = await ofTarget(transaction, change).executeTakeFirst();
        if (standing !== undefined && saysTheSame(standing, change, dialect)) {
          return toSwitch(standing, dialect);
        }
        const row = toRow(change, dialect);
        await db
          .insertInto("kill_switches")
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(["project_id", "scope", "scope_id"]).doUpdateSet(row),
          )
          .execute();
        return toSwitch(await ofTarget(transaction, change).executeTakeFirstOrThrow(), dialect);
      }),
    async list(projectId) {
      const rows = await read((reader) =>
        selectSwitches(reader)
          .where("kill_switches.project_id", "=", projectId)
          .orderBy("kill_switches.scope", "desc")
          .orderBy("agents.name")
          .execute(),
      );
      return rows.map((row) => toSwitch(row, dialect));
    },
  };
}

function selectSwitches({ db }: Reader) {
  return db
    .selectFrom("kill_switches")
    .leftJoin("agents", "agents.id", "kill_switches.scope_id")
    .selectAll("kill_switches")
    .select("agents.name as agent_name");
}

function ofTarget(reader: Reader, target: SpendTarget) {
  const { scope, scopeId } = placeOf(target);
  return selectSwitches(reader)
    .where("kill_switches.project_id", "=", target.projectId)
    .where("kill_switches.scope", "=", scope)
    .where("kill_switches.scope_id", "=", scopeId);
}

type Change = Parameters<KillSwitchStore["set"]>[0];
type JoinedRow = KillSwitchRow & { readonly agent_name: string | null };

function saysTheSame(row: KillSwitchRow, { stopped, reason }: Change, dialect: Dialect): boolean {
  return dialect.decodeBoolean(row.stopped) === stopped && row.reason === (reason ?? null);
}

function toRow(change: Change, dialect: Dialect): KillSwitchRow {
  const { scope, scopeId } = placeOf(change);
  return {
    project_id: change.projectId,
    scope,
    scope_id: scopeId,
    stopped: dialect.encodeBoolean(change.stopped),
    reason: change.reason ?? null,
    changed_at: change.changedAt,
    ...toActorColumns("changed_by", change.changedBy),
  };
}

function toSwitch(row: JoinedRow, dialect: Dialect): KillSwitch {
  const { scope_id: id, agent_name: name } = row;
  return {
    projectId: row.project_id,
    ...(name !== null && { agent: { id, name } }),
    stopped: dialect.decodeBoolean(row.stopped),
    ...optional("reason", row.reason),
    changedAt: dialect.decodeInteger(row.changed_at),
    changedBy: actorIn("changed_by", row),
  };
}
