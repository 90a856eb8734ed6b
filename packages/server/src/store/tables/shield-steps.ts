import { type SelectQueryBuilder, sql } from "kysely";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { Schema } from "../schema.js";
import type { Page } from "../store.js";
import { together } from "../together.js";
import type {
  LoggedShieldStep,
  ShieldCounts,
  ShieldStepQuery,
  ShieldStore,
} from "../verbs/shield.js";
import { FOLDED_COLUMNS, type NamedStepRow, type ShieldEntryMapper } from "./shield-entry-row.js";
import type { EntryWriter } from "./shield-log.js";
import { toProfile } from "./shield-profile-row.js";

type StepVerbs = Pick<ShieldStore, "readAfter" | "observe" | "listSteps" | "findStep" | "count">;

export function createShieldSteps(
  { read, write, dialect }: Database,
  mapper: ShieldEntryMapper,
  append: EntryWriter,
): StepVerbs {
  const queries = prepareStepQueries();

  async function list(projectId: string, query: ShieldStepQuery): Promise<Page<LoggedShieldStep>> {
    const rows = await read((reader) => selectPage(reader, projectId, query).execute());
    // One row more than asked for tells that there is a next page.
    const items = rows.slice(0, query.limit).map((row) => mapper.toLoggedStep(row));
    const last = rows.length > query.limit ? items.at(-1) : undefined;
    return {
      items,
      nextCursor: last === undefined ? null : encodeCursor(["shield_steps", last.sequence]),
    };
  }

  return {
    async readAfter(profileId, sequence, limit) {
      const [profile, entries] = await read((reader) =>
        together([
          queries.profile(reader, { profileId }),
          queries.after(reader, { profileId, sequence, limit }),
        ]),
      );
      const [row] = profile.rows;
      if (row === undefined) throw new Error("Expected the profile of a step to be there.");
      return {
        profile: toProfile(row, dialect),
        entries: entries.rows.map((entry) => mapper.toEntry(entry)),
      };
    },
    observe: (steps) =>
      write(async (transaction) => {
        const added = new Set<string>();
        const entries = steps.map((step) => ({
          row: mapper.toStepRow(step),
          onAdded: () => added.add(step.id),
        }));
        await append(transaction, entries);
        return added;
      }),
    listSteps: list,
    async findStep(profileId, stepId) {
      const row = await read((reader) => selectStep(reader, profileId, stepId).executeTakeFirst());
      return row && mapper.toLoggedStep(row);
    },
    async count(profileId, since): Promise<ShieldCounts> {
      const place = { profileId, since };
      const [steps, anomalies] = await read((reader) =>
        together([queries.count(reader, place), queries.countAnomalies(reader, place)]),
      );
      const integer = (stored: number | undefined) => dialect.decodeInteger(stored ?? 0);
      const [found] = anomalies.rows;
      return {
        steps: integer(steps.rows[0]?.steps),
        anomalies: integer(found?.anomalies),
        requests: integer(found?.requests),
        held: integer(found?.held),
      };
    },
  };
}

interface After {
  readonly profileId: string;
  readonly sequence: number;
  readonly limit: number;
}

interface Since {
  readonly profileId: string;
  readonly since: number;
}

function prepareStepQueries() {
  return {
    profile: prepareQuery(({ db }, { profileId }: Pick<After, "profileId">) =>
      db.selectFrom("shield_profiles").selectAll().where("id", "=", profileId),
    ),
    after: prepareQuery(({ db }, { profileId, sequence, limit }: After) =>
      db
        .selectFrom("shield_entries")
        .select(FOLDED_COLUMNS)
        .where("profile_id", "=", profileId)
        .where("sequence", ">", sequence)
        .orderBy("sequence")
        .limit(limit),
    ),
    count: prepareQuery(({ db }, { profileId, since }: Since) =>
      db
        .selectFrom("shield_entries")
        .select((select) => select.fn.countAll<number>().as("steps"))
        .where("profile_id", "=", profileId)
        .where(IS_STEP)
        .where("received_at", ">=", since),
    ),
    countAnomalies: prepareQuery(({ db }, { profileId, since }: Since) =>
      db
        .selectFrom("shield_entries")
        .select([
          sql<number>`count(*)`.as("anomalies"),
          sql<number>`count(case when source <> 'observe' then 1 end)`.as("requests"),
          sql<number>`count(case when anomaly_effect in ('held', 'denied') then 1 end)`.as("held"),
        ])
        .where("profile_id", "=", profileId)
        .where("anomaly_effect", "is not", null)
        .where("received_at", ">=", since),
    ),
  };
}

/** As a literal, which a parameter is not: only so does the partial index apply. */
const IS_STEP = sql<boolean>`kind = 'step'`;

/** Steps as people see them. */
function selectSteps({ db }: Reader) {
  return db
    .selectFrom("shield_entries")
    .innerJoin("shield_profiles", "shield_profiles.id", "shield_entries.profile_id")
    .innerJoin("agents", "agents.id", "shield_entries.agent_id")
    .selectAll("shield_entries")
    .select(["shield_profiles.service", "shield_profiles.environment"])
    .select("agents.name as agent_name")
    .where("shield_entries.kind", "=", "step");
}

/** Ids are the agents' own: of two that have used the same one, the step that came first. */
export function selectStep(reader: Reader, profileId: string, stepId: string) {
  return selectSteps(reader)
    .where("shield_entries.profile_id", "=", profileId)
    .whereRef("shield_entries.project_id", "=", "shield_profiles.project_id")
    .where("shield_entries.id", "=", stepId)
    .orderBy("shield_entries.sequence")
    .limit(1);
}

type StepPage = SelectQueryBuilder<
  Schema,
  "shield_entries" | "shield_profiles" | "agents",
  NamedStepRow
>;

/** Newest first. */
function selectPage(reader: Reader, projectId: string, query: ShieldStepQuery): StepPage {
  const { cursor, limit, profileId } = query;
  // Asked of the profile where there is one, or the index of the project would look as good as its.
  const owner = profileId === undefined ? "shield_entries" : "shield_profiles";
  let page: StepPage = selectSteps(reader)
    .where(`${owner}.project_id`, "=", projectId)
    .orderBy("shield_entries.sequence", "desc")
    .limit(limit + 1);
  for (const [column, name] of FILTERS) {
    const value = query[name];
    if (value !== undefined) page = page.where(column, "=", value);
  }
  page = where(page, "shield_entries.answer", query.reviewed);
  page = where(page, "shield_entries.anomaly_effect", query.anomalous);
  if (query.after === null) page = page.where("shield_entries.previous", "is", null);
  else if (query.after !== undefined) {
    page = page.where("shield_entries.previous", "=", query.after);
  }
  if (cursor === undefined) return page;
  const [, sequence] = decodeCursor(cursor, ["shield_steps", 0] as const);
  return page.where("shield_entries.sequence", "<", sequence);
}

const FILTERS = [
  ["shield_entries.profile_id", "profileId"],
  ["shield_entries.source", "source"],
  ["shield_profiles.service", "service"],
  ["shield_entries.agent_id", "agentId"],
  ["shield_entries.run_id", "runId"],
  ["shield_entries.run_key", "runKey"],
  ["shield_entries.action", "action"],
] as const;

function where(
  page: StepPage,
  column: "shield_entries.answer" | "shield_entries.anomaly_effect",
  isThere: boolean | undefined,
): StepPage {
  if (isThere === undefined) return page;
  return page.where(column, isThere ? "is not" : "is", null);
}
