import { LIMITS, type ShieldMode } from "@holdpoint/protocol";
import { digestTextOf } from "../../domain/digest.js";
import type { ShieldPlace } from "../../domain/shield/entry.js";
import { DEFAULT_SHIELD_SETTINGS, toWireSettings } from "../../domain/shield/settings.js";
import type { Database, Reader, Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { ShieldProfileRow } from "../schema.js";
import type { ShieldChange, ShieldStore, StoredShieldProfile } from "../verbs/shield.js";
import { toActorColumns } from "./columns.js";
import type { ProjectEventWriter } from "./project-events.js";
import { optional } from "./request-row.js";
import { toProfile } from "./shield-profile-row.js";

type ProfileVerbs = Pick<
  ShieldStore,
  "ensureProfile" | "findProfile" | "listProfiles" | "listGrown" | "setMode" | "setSettings"
>;

export function createShieldProfiles(
  { read, write, dialect }: Database,
  appendEvent: ProjectEventWriter,
): ProfileVerbs {
  const findRow = prepareQuery(({ db }, place: ShieldPlace) =>
    db
      .selectFrom("shield_profiles")
      .selectAll()
      .where("project_id", "=", place.projectId)
      .where("service", "=", place.service)
      .where("environment", "=", place.environment),
  );

  async function find(
    reader: Reader,
    place: ShieldPlace,
  ): Promise<StoredShieldProfile | undefined> {
    const { rows } = await findRow(reader, place);
    return rows[0] && toProfile(rows[0], dialect);
  }

  async function make(
    transaction: Transaction,
    place: ShieldPlace,
    id: string,
    at: number,
  ): Promise<StoredShieldProfile | "too_many"> {
    const { db } = transaction;
    // Of two at once that make the last one, one counts the other.
    await dialect.lockName(db, `shield profiles of ${place.projectId}`, "alone");
    const standing = await find(transaction, place);
    if (standing !== undefined) return standing;
    const { count } = await db
      .selectFrom("shield_profiles")
      .select((select) => select.fn.countAll<number>().as("count"))
      .where("project_id", "=", place.projectId)
      .executeTakeFirstOrThrow();
    if (dialect.decodeInteger(count) >= LIMITS.shieldProfiles) return "too_many";
    const row: ShieldProfileRow = {
      id,
      project_id: place.projectId,
      service: place.service,
      environment: place.environment,
      mode: "shadow",
      settings: dialect.encodeJson(DEFAULT_SHIELD_SETTINGS),
      settings_revision: 0,
      created_at: at,
      changed_at: null,
      changed_by_type: null,
      changed_by_id: null,
      changed_by_name: null,
      locked_at_runs: null,
      learning_since_runs: 0,
      snapshot_id: null,
      snapshot_sequence: 0,
      pruned_sequence: 0,
    };
    await db.insertInto("shield_profiles").values(row).execute();
    return toProfile(row, dialect);
  }

  /** Tells of a change of a profile, which nothing but its digest says more of. */
  async function tell(
    transaction: Transaction,
    { id, project_id: projectId }: ShieldProfileRow,
    { eventId, at, actor }: ShieldChange,
    set: object,
    revision?: number,
  ): Promise<void> {
    const subject = { id, ...optional("revision", revision), digest: digestTextOf(set) };
    const event = { id: eventId, projectId, type: "shield.changed", at, actor, subject } as const;
    await appendEvent(transaction, event);
  }

  return {
    async ensureProfile(place, id, at) {
      const standing = await read((reader) => find(reader, place));
      return standing ?? write((transaction) => make(transaction, place, id, at));
    },
    findProfile: (place) => read((reader) => find(reader, place)),
    async listProfiles(projectId) {
      const rows = await read(({ db }) =>
        db
          .selectFrom("shield_profiles")
          .selectAll()
          .where("project_id", "=", projectId)
          .orderBy("service")
          .orderBy("environment")
          .execute(),
      );
      return rows.map((row) => toProfile(row, dialect));
    },
    async listGrown(minEntries, limit) {
      const rows = await read((reader) => selectGrown(reader, minEntries, limit).execute());
      return rows.map((row) => toProfile(row, dialect));
    },
    setMode: (profileId, { from, mode, runs, ...change }) =>
      write(async (transaction) => {
        const row = await transaction.db
          .updateTable("shield_profiles")
          .set({ mode, ...changedBy(change), ...baselineOf(from, mode, runs) })
          .where("id", "=", profileId)
          .where("mode", "=", from)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) return "lost";
        await tell(transaction, row, change, { mode });
        return toProfile(row, dialect);
      }),
    setSettings: (profileId, { baseRevision, settings, ...change }) =>
      write(async (transaction) => {
        const revision = baseRevision + 1;
        const row = await transaction.db
          .updateTable("shield_profiles")
          .set({
            settings: dialect.encodeJson(settings),
            settings_revision: revision,
            ...changedBy(change),
          })
          .where("id", "=", profileId)
          .where("settings_revision", "=", baseRevision)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) return "lost";
        await tell(transaction, row, change, { settings: toWireSettings(settings) }, revision);
        return toProfile(row, dialect);
      }),
  };
}

function changedBy({ at, actor }: ShieldChange) {
  return { changed_at: at, ...toActorColumns("changed_by", actor) };
}

/** What a profile is locked on stays, while it stays locked. */
function baselineOf(from: ShieldMode, to: ShieldMode, runs: number) {
  if (to === "shadow") return { locked_at_runs: null, learning_since_runs: runs };
  return from === "shadow" ? { locked_at_runs: runs } : {};
}

/**
 * Those that have grown so much, the longest without a snapshot first. Of each it reads as many places
 * in one index as it is to have grown by.
 */
function selectGrown({ db }: Reader, minEntries: number, limit: number) {
  return db
    .selectFrom("shield_profiles")
    .selectAll()
    .where((where) =>
      where.exists(
        where
          .selectFrom("shield_entries")
          .select("shield_entries.sequence")
          .whereRef("shield_entries.profile_id", "=", "shield_profiles.id")
          .whereRef("shield_entries.sequence", ">", "shield_profiles.snapshot_sequence")
          .orderBy("shield_entries.sequence")
          .limit(1)
          .offset(Math.max(0, minEntries - 1)),
      ),
    )
    .orderBy("snapshot_sequence")
    .orderBy("id")
    .limit(limit);
}
