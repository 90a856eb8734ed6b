import type { ShieldSettings } from "../../domain/shield/settings.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ShieldProfileRow } from "../schema.js";
import type { StoredShieldProfile } from "../verbs/shield.js";
import { actorIn, integerIn } from "./columns.js";
import { optional } from "./request-row.js";

export function toProfile(row: ShieldProfileRow, dialect: Dialect): StoredShieldProfile {
  const integer = integerIn(dialect);
  return {
    id: row.id,
    projectId: row.project_id,
    service: row.service,
    environment: row.environment,
    mode: row.mode,
    settings: dialect.decodeJson(row.settings) as ShieldSettings,
    settingsRevision: row.settings_revision,
    createdAt: dialect.decodeInteger(row.created_at),
    ...optional("changedAt", integer(row.changed_at)),
    ...optional("changedBy", actorIn("changed_by", row)),
    ...optional("lockedAtRuns", integer(row.locked_at_runs)),
    learningSinceRuns: dialect.decodeInteger(row.learning_since_runs),
    prunedSequence: dialect.decodeInteger(row.pruned_sequence),
  };
}
