import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** Guarded execution: who may call, what there is to call, what came of it, and the policy over all. */
export function gate(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createProjectEvents(db, dialect);
      await createAuthority(db, dialect);
      await createIdentities(db, dialect);
      await createLeases(db, dialect);
      await createActions(db, dialect);
      await createCalls(db, dialect);
      await createPolicies(db, dialect);
      for (const statement of INDEXES) await sql.raw(statement).execute(db);
      for (const [table, change] of LOSSES) await dialect.announceLosses(db, table, change);
    },
  };
}

async function createProjectEvents(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("project_events")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("type", "text", (c) => c.notNull())
      .addColumn("at", columns.bigInteger, (c) => c.notNull())
      .addColumn("actor_type", "text", (c) => c.notNull())
      .addColumn("actor_id", "text", (c) => c.notNull())
      .addColumn("actor_name", "text")
      .addColumn("agent_id", "text", (c) => c.references("agents.id"))
      .addColumn("subject", columns.json, (c) => c.notNull()),
  ).execute();
}

/** What was approved or leased under an older epoch than the project's never runs. */
async function createAuthority(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("authorities")
      .addColumn("project_id", "text", (c) => c.primaryKey().notNull().references("projects.id"))
      .addColumn("epoch", "integer", (c) => c.notNull())
      .addColumn("frozen", columns.boolean, (c) => c.notNull())
      .addColumn("reason", "text")
      .addColumn("changed_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("changed_by_type", "text", (c) => c.notNull())
      .addColumn("changed_by_id", "text", (c) => c.notNull())
      .addColumn("changed_by_name", "text")
      .addColumn("event_id", "text", (c) => c.notNull()),
  ).execute();
  await db.schema
    .alterTable("requests")
    .addColumn("grant_epoch", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
}

async function createIdentities(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  for (const [name, type] of [
    ["lease_scopes", columns.json],
    ["max_calls_per_day", columns.bigInteger],
    ["max_cost_per_day", columns.bigInteger],
    ["cost_currency", "text"],
  ] as const) {
    await db.schema.alterTable("agents").addColumn(name, type).execute();
  }
  await finishTable(
    db.schema
      .createTable("enrolments")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("code_hash", "text", (c) => c.notNull().unique())
      .addColumn("scopes", columns.json, (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("expires_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("created_by_type", "text", (c) => c.notNull())
      .addColumn("created_by_id", "text", (c) => c.notNull())
      .addColumn("created_by_name", "text")
      .addColumn("used_at", columns.bigInteger),
  ).execute();
  await finishTable(
    db.schema
      .createTable("agent_identities")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("key_thumbprint", "text", (c) => c.notNull().unique())
      .addColumn("public_key", columns.json, (c) => c.notNull())
      .addColumn("scopes", columns.json, (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("enrolled_by_type", "text", (c) => c.notNull())
      .addColumn("enrolled_by_id", "text", (c) => c.notNull())
      .addColumn("enrolled_by_name", "text")
      .addColumn("event_id", "text", (c) => c.notNull())
      .addColumn("last_used_at", columns.bigInteger)
      .addColumn("revoked_at", columns.bigInteger),
  ).execute();
}

async function createLeases(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("gate_sessions")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("scopes", columns.json, (c) => c.notNull())
      .addColumn("epoch", "integer", (c) => c.notNull())
      .addColumn("calls", columns.bigInteger, (c) => c.notNull())
      .addColumn("max_calls", columns.bigInteger)
      .addColumn("cost", columns.bigInteger, (c) => c.notNull())
      .addColumn("max_cost", columns.bigInteger)
      .addColumn("currency", "text")
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull()),
  ).execute();
  await finishTable(
    db.schema
      .createTable("leases")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("session_id", "text", (c) => c.notNull().references("gate_sessions.id"))
      .addColumn("credential_id", "text", (c) => c.notNull())
      .addColumn("key_thumbprint", "text", (c) => c.notNull())
      .addColumn("epoch", "integer", (c) => c.notNull())
      .addColumn("issued_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("expires_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("event_id", "text", (c) => c.notNull())
      .addColumn("revoked_at", columns.bigInteger)
      .addColumn("revoked_by_type", "text")
      .addColumn("revoked_by_id", "text")
      .addColumn("revoked_by_name", "text"),
  ).execute();
  await finishTable(
    db.schema
      .createTable("used_proofs")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("expires_at", columns.bigInteger, (c) => c.notNull()),
  ).execute();
  await finishTable(
    db.schema
      .createTable("gate_days")
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("day", "integer", (c) => c.notNull())
      .addColumn("currency", "text", (c) => c.notNull())
      .addColumn("calls", columns.bigInteger, (c) => c.notNull())
      .addColumn("cost", columns.bigInteger, (c) => c.notNull())
      .addPrimaryKeyConstraint("gate_days_pkey", ["agent_id", "day", "currency"]),
  ).execute();
}

async function createActions(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("actions")
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("id", "text", (c) => c.notNull())
      .addColumn("version", "text", (c) => c.notNull())
      .addColumn("generation", "integer", (c) => c.notNull())
      .addColumn("digest", "text", (c) => c.notNull())
      .addColumn("registered_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("registered_by_type", "text", (c) => c.notNull())
      .addColumn("registered_by_id", "text", (c) => c.notNull())
      .addColumn("registered_by_name", "text")
      .addColumn("event_id", "text", (c) => c.notNull())
      .addColumn("withdrawn_at", columns.bigInteger)
      .addColumn("manifest", columns.json, (c) => c.notNull())
      .addPrimaryKeyConstraint("actions_pkey", ["project_id", "id", "generation"])
      .addUniqueConstraint("actions_version", ["project_id", "id", "version"]),
  ).execute();
  await finishTable(
    db.schema
      .createTable("secrets")
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("master_key_id", "text", (c) => c.notNull().references("master_keys.id"))
      .addColumn("updated_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("updated_by_type", "text", (c) => c.notNull())
      .addColumn("updated_by_id", "text", (c) => c.notNull())
      .addColumn("updated_by_name", "text")
      .addColumn("sealed_value", columns.bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint("secrets_pkey", ["project_id", "name"]),
  ).execute();
  await finishTable(
    db.schema
      .createTable("wasm_modules")
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("digest", "text", (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("bytes", columns.bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint("wasm_modules_pkey", ["project_id", "digest"]),
  ).execute();
}

/** What the gate knows of a request that it runs itself. */
async function createCalls(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("gate_calls")
      .addColumn("request_id", "text", (c) => c.primaryKey().notNull().references("requests.id"))
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("session_id", "text", (c) => c.notNull().references("gate_sessions.id"))
      .addColumn("lease_id", "text", (c) => c.notNull().references("leases.id"))
      .addColumn("action_id", "text", (c) => c.notNull())
      .addColumn("action_version", "text", (c) => c.notNull())
      .addColumn("action_digest", "text", (c) => c.notNull())
      .addColumn("cost", columns.bigInteger, (c) => c.notNull())
      .addColumn("currency", "text")
      .addColumn("asked_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("started_at", columns.bigInteger)
      .addColumn("finished_at", columns.bigInteger)
      .addColumn("verification", "text")
      .addColumn("verification_detail", "text"),
  ).execute();
}

async function createPolicies(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("policies")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("revision", "integer", (c) => c.notNull())
      .addColumn("note", "text")
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("created_by_type", "text", (c) => c.notNull())
      .addColumn("created_by_id", "text", (c) => c.notNull())
      .addColumn("created_by_name", "text")
      .addColumn("event_id", "text", (c) => c.notNull())
      .addColumn("text", "text", (c) => c.notNull())
      .addUniqueConstraint("policies_revision", ["project_id", "revision"]),
  ).execute();
  await db.schema.alterTable("requests").addColumn("policy", columns.json).execute();
}

const INDEXES = [
  "create index project_events_newest on project_events (project_id, at, id)",
  "create index agent_identities_agent on agent_identities (project_id, agent_id, created_at)",
  "create index leases_newest on leases (project_id, issued_at, id)",
  "create index leases_agent on leases (agent_id, issued_at, id)",
  "create index used_proofs_expiry on used_proofs (expires_at)",
  "create index gate_calls_action on gate_calls (project_id, action_id, asked_at)",
];

/** What takes a lease's power away. */
const LOSSES = [
  ["leases", "update of revoked_at"],
  ["agent_identities", "update of revoked_at"],
  ["authorities", "insert or update"],
] as const;
