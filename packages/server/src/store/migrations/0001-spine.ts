import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** Projects, agents and their keys, operators and theirs, requests and their events. */
export function spine(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createProjects(db, dialect);
      await createSignIn(db, dialect);
      await createOperators(db, dialect);
      await createRequests(db, dialect);
      await createEvents(db, dialect);
    },
  };
}

async function createProjects(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema.createTable("master_keys").addColumn("id", "text", (c) => c.primaryKey().notNull()),
  ).execute();
  await finishTable(
    db.schema
      .createTable("projects")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull()),
  ).execute();
  await finishTable(
    db.schema
      .createTable("agents")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addUniqueConstraint("agents_name", ["project_id", "name"]),
  ).execute();
  await finishTable(
    db.schema
      .createTable("api_keys")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("secret_hash", "text", (c) => c.notNull().unique())
      .addColumn("hint", "text", (c) => c.notNull())
      .addColumn("scopes", columns.json, (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("expires_at", columns.bigInteger)
      .addColumn("last_used_at", columns.bigInteger)
      .addColumn("revoked_at", columns.bigInteger),
  ).execute();
  await createIndex(db, "api_keys_project", "api_keys", ["project_id", "created_at"]);
}

/** The tables of better-auth 1.7 with the magic-link plugin, in its own names. */
async function createSignIn(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("user")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("email", "text", (c) => c.notNull().unique())
      .addColumn("emailVerified", columns.boolean, (c) => c.notNull())
      .addColumn("image", "text")
      .addColumn("createdAt", columns.date, (c) => c.notNull())
      .addColumn("updatedAt", columns.date, (c) => c.notNull()),
  ).execute();
  await finishTable(
    db.schema
      .createTable("session")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("expiresAt", columns.date, (c) => c.notNull())
      .addColumn("token", "text", (c) => c.notNull().unique())
      .addColumn("createdAt", columns.date, (c) => c.notNull())
      .addColumn("updatedAt", columns.date, (c) => c.notNull())
      .addColumn("ipAddress", "text")
      .addColumn("userAgent", "text")
      .addColumn("userId", "text", (c) => c.notNull().references("user.id").onDelete("cascade")),
  ).execute();
  await createIndex(db, "session_user", "session", ["userId"]);
  await finishTable(
    db.schema
      .createTable("account")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("accountId", "text", (c) => c.notNull())
      .addColumn("providerId", "text", (c) => c.notNull())
      .addColumn("userId", "text", (c) => c.notNull().references("user.id").onDelete("cascade"))
      .addColumn("accessToken", "text")
      .addColumn("refreshToken", "text")
      .addColumn("idToken", "text")
      .addColumn("accessTokenExpiresAt", columns.date)
      .addColumn("refreshTokenExpiresAt", columns.date)
      .addColumn("scope", "text")
      .addColumn("password", "text")
      .addColumn("createdAt", columns.date, (c) => c.notNull())
      .addColumn("updatedAt", columns.date, (c) => c.notNull()),
  ).execute();
  await createIndex(db, "account_user", "account", ["userId"]);
  await finishTable(
    db.schema
      .createTable("verification")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("identifier", "text", (c) => c.notNull())
      .addColumn("value", "text", (c) => c.notNull())
      .addColumn("expiresAt", columns.date, (c) => c.notNull())
      .addColumn("createdAt", columns.date, (c) => c.notNull())
      .addColumn("updatedAt", columns.date, (c) => c.notNull()),
  ).execute();
  await createIndex(db, "verification_identifier", "verification", ["identifier"]);
}

async function createOperators(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("memberships")
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("operator_id", "text", (c) => c.notNull().references("user.id"))
      .addColumn("roles", columns.json, (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addPrimaryKeyConstraint("memberships_pk", ["project_id", "operator_id"]),
  ).execute();
  await createIndex(db, "memberships_operator", "memberships", ["operator_id"]);
  await finishTable(
    db.schema
      .createTable("operator_tokens")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("operator_id", "text", (c) => c.notNull().references("user.id"))
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("secret_hash", "text", (c) => c.notNull().unique())
      .addColumn("hint", "text", (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("expires_at", columns.bigInteger)
      .addColumn("last_used_at", columns.bigInteger)
      .addColumn("revoked_at", columns.bigInteger),
  ).execute();
  await createIndex(db, "operator_tokens_owner", "operator_tokens", ["project_id", "operator_id"]);
}

/** What can be long stands last: SQLite need not read over it to reach what lists show. */
async function createRequests(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("requests")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("agent_name", "text", (c) => c.notNull())
      .addColumn("agent_label", "text")
      .addColumn("service", "text", (c) => c.notNull())
      .addColumn("action", "text", (c) => c.notNull())
      .addColumn("status", "text", (c) => c.notNull())
      .addColumn("urgency", "integer", (c) => c.notNull())
      .addColumn("role", "text")
      .addColumn("encrypted", columns.boolean, (c) => c.notNull())
      .addColumn("decided_by_type", "text")
      .addColumn("decided_by_id", "text")
      .addColumn("decided_by_name", "text")
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("expires_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("resolved_at", columns.bigInteger)
      .addColumn("execution_status", "text", (c) => c.notNull())
      .addColumn("revision", "integer", (c) => c.notNull())
      .addColumn("skeleton_hash", "text")
      .addColumn("environment", "text")
      .addColumn("run_id", "text")
      .addColumn("parent_request_id", "text")
      .addColumn("digest", "text", (c) => c.notNull())
      .addColumn("metadata", columns.json, (c) => c.notNull())
      .addColumn("master_key_id", "text", (c) => c.notNull().references("master_keys.id"))
      .addColumn("data_key", columns.bytes, (c) => c.notNull())
      .addColumn("sealed_reason", columns.bytes)
      .addColumn("schema", columns.json)
      .addColumn("sealed_payload", columns.bytes, (c) => c.notNull())
      .addColumn("sealed_patch", columns.bytes)
      .addColumn("sealed_diff", columns.bytes),
  ).execute();
  await createIndex(db, "requests_newest", "requests", ["project_id", "created_at", "id"]);
  await createIndex(db, "requests_status", "requests", [
    "project_id",
    "status",
    "created_at",
    "id",
  ]);
  await createIndex(db, "requests_agent", "requests", [
    "project_id",
    "agent_id",
    "created_at",
    "id",
  ]);
  await createIndex(db, "requests_service", "requests", [
    "project_id",
    "service",
    "created_at",
    "id",
  ]);
  await sql`create index requests_run on requests (project_id, run_id, created_at, id) where run_id is not null`.execute(
    db,
  );
  await sql`create index requests_triage on requests (project_id, urgency, created_at, id) where status = 'PENDING'`.execute(
    db,
  );
  await sql`create index requests_expiry on requests (expires_at, id) where status = 'PENDING'`.execute(
    db,
  );
}

async function createEvents(db: Kysely<unknown>, dialect: Dialect) {
  const { columns, finishTable, finishSequence } = dialect;
  await finishTable(
    db.schema
      .createTable("events")
      .addColumn("sequence", columns.sequence, (c) => finishSequence(c.primaryKey().notNull()))
      .addColumn("id", "text", (c) => c.notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("request_id", "text", (c) => c.notNull().references("requests.id"))
      .addColumn("agent_id", "text", (c) => c.notNull())
      .addColumn("type", "text", (c) => c.notNull())
      .addColumn("status", "text", (c) => c.notNull())
      .addColumn("at", columns.bigInteger, (c) => c.notNull())
      .addColumn("actor_type", "text", (c) => c.notNull())
      .addColumn("actor_id", "text", (c) => c.notNull())
      .addColumn("actor_name", "text"),
  ).execute();
  await createIndex(db, "events_project", "events", ["project_id", "sequence"]);
  await createIndex(db, "events_request", "events", ["request_id", "sequence"]);
}

async function createIndex(
  db: Kysely<unknown>,
  name: string,
  table: string,
  columns: readonly string[],
) {
  await db.schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
    .execute();
}
