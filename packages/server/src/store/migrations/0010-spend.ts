import { type Kysely, type Migration, sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";

/** Money: purchases, what they are counted in, the ledger, and what limits them. */
export function spend(dialect: Dialect): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createOrganisations(db, dialect);
      await extendRequests(db, dialect);
      await createAccounts(db, dialect);
      await createPurchases(db, dialect);
      await createLimits(db, dialect);
      for (const statement of INDEXES) await sql.raw(statement).execute(db);
    },
  };
}

async function createOrganisations(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("organisations")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("name", "text", (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull()),
  ).execute();
  await db.schema
    .alterTable("projects")
    .addColumn("organisation_id", "text", (c) => c.references("organisations.id"))
    .execute();
}

async function extendRequests(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await db.schema.alterTable("requests").addColumn("quorum", "integer").execute();
  await db.schema.alterTable("events").addColumn("amount_minor", columns.bigInteger).execute();
  await db.schema.alterTable("events").addColumn("late", columns.boolean).execute();
  await finishTable(
    db.schema
      .createTable("approvals")
      .addColumn("request_id", "text", (c) => c.notNull().references("requests.id"))
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("operator_id", "text", (c) => c.notNull())
      .addColumn("operator_name", "text", (c) => c.notNull())
      .addColumn("at", columns.bigInteger, (c) => c.notNull())
      .addColumn("sealed_reason", columns.bytes)
      .addPrimaryKeyConstraint("approvals_pkey", ["request_id", "operator_id"]),
  ).execute();
}

async function createAccounts(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("spend_accounts")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("scope", "text", (c) => c.notNull())
      .addColumn("scope_id", "text", (c) => c.notNull())
      .addColumn("currency", "text", (c) => c.notNull())
      .addColumn("allocated", columns.bigInteger)
      .addColumn("held", columns.bigInteger, (c) => c.notNull())
      .addColumn("spent", columns.bigInteger, (c) => c.notNull())
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("updated_at", columns.bigInteger, (c) => c.notNull())
      .addUniqueConstraint("spend_accounts_scope", ["scope", "scope_id", "currency"]),
  ).execute();
  await finishTable(
    db.schema
      .createTable("ledger_entries")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("spend_account_id", "text", (c) => c.notNull().references("spend_accounts.id"))
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("from_account", "text", (c) => c.notNull())
      .addColumn("to_account", "text", (c) => c.notNull())
      .addColumn("amount", columns.bigInteger, (c) => c.notNull())
      .addColumn("at", columns.bigInteger, (c) => c.notNull())
      .addColumn("actor_type", "text", (c) => c.notNull())
      .addColumn("actor_id", "text", (c) => c.notNull())
      .addColumn("actor_name", "text")
      .addColumn("request_id", "text", (c) => c.references("requests.id"))
      .addColumn("event_id", "text"),
  ).execute();
  await finishTable(
    db.schema
      .createTable("spend_windows")
      .addColumn("spend_account_id", "text", (c) => c.notNull().references("spend_accounts.id"))
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("time_zone", "text", (c) => c.notNull())
      .addColumn("starts_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("ends_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("amount", columns.bigInteger, (c) => c.notNull())
      .addPrimaryKeyConstraint("spend_windows_pkey", [
        "spend_account_id",
        "starts_at",
        "kind",
        "time_zone",
      ]),
  ).execute();
}

async function createPurchases(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("purchases")
      .addColumn("request_id", "text", (c) => c.primaryKey().notNull().references("requests.id"))
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("agent_id", "text", (c) => c.notNull().references("agents.id"))
      .addColumn("organisation_id", "text", (c) => c.references("organisations.id"))
      .addColumn("currency", "text", (c) => c.notNull())
      .addColumn("amount", columns.bigInteger, (c) => c.notNull())
      .addColumn("approved_amount", columns.bigInteger)
      .addColumn("actual_amount", columns.bigInteger)
      .addColumn("refunded_amount", columns.bigInteger, (c) => c.notNull())
      .addColumn("category", "text", (c) => c.notNull())
      .addColumn("merchant_name", "text")
      .addColumn("payee", "text")
      .addColumn("x402", columns.json)
      .addColumn("checks", columns.json, (c) => c.notNull())
      .addColumn("outcome", "text", (c) => c.notNull())
      .addColumn("hold", "text", (c) => c.notNull())
      .addColumn("reserved_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("hold_expires_at", columns.bigInteger)
      .addColumn("confirmed_at", columns.bigInteger)
      .addColumn("late", columns.boolean, (c) => c.notNull())
      .addColumn("confirm_digest", "text")
      .addColumn("receipt_url", "text")
      .addColumn("external_id", "text"),
  ).execute();
  await finishTable(
    db.schema
      .createTable("refunds")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("request_id", "text", (c) => c.notNull().references("purchases.request_id"))
      .addColumn("amount", columns.bigInteger, (c) => c.notNull())
      .addColumn("reason", "text")
      .addColumn("at", columns.bigInteger, (c) => c.notNull())
      .addColumn("operator_id", "text", (c) => c.notNull()),
  ).execute();
}

async function createLimits(db: Kysely<unknown>, { columns, finishTable }: Dialect) {
  await finishTable(
    db.schema
      .createTable("spend_policies")
      .addColumn("id", "text", (c) => c.primaryKey().notNull())
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("scope", "text", (c) => c.notNull())
      .addColumn("scope_id", "text", (c) => c.notNull())
      .addColumn("revision", "integer", (c) => c.notNull())
      .addColumn("policy", columns.json)
      .addColumn("created_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("created_by_type", "text", (c) => c.notNull())
      .addColumn("created_by_id", "text", (c) => c.notNull())
      .addColumn("created_by_name", "text")
      .addUniqueConstraint("spend_policies_revision", [
        "project_id",
        "scope",
        "scope_id",
        "revision",
      ]),
  ).execute();
  await finishTable(
    db.schema
      .createTable("kill_switches")
      .addColumn("project_id", "text", (c) => c.notNull().references("projects.id"))
      .addColumn("scope", "text", (c) => c.notNull())
      .addColumn("scope_id", "text", (c) => c.notNull())
      .addColumn("stopped", columns.boolean, (c) => c.notNull())
      .addColumn("reason", "text")
      .addColumn("changed_at", columns.bigInteger, (c) => c.notNull())
      .addColumn("changed_by_type", "text", (c) => c.notNull())
      .addColumn("changed_by_id", "text", (c) => c.notNull())
      .addColumn("changed_by_name", "text")
      .addPrimaryKeyConstraint("kill_switches_pkey", ["project_id", "scope", "scope_id"]),
  ).execute();
}

const INDEXES = [
  "create index ledger_entries_account on ledger_entries (spend_account_id, at, id)",
  "create index ledger_entries_request on ledger_entries (request_id) where request_id is not null",
  "create index purchases_newest on purchases (project_id, reserved_at, request_id)",
  "create index purchases_agent on purchases (agent_id, reserved_at, request_id)",
  "create index purchases_hold on purchases (hold_expires_at) where hold = 'HELD' and hold_expires_at is not null",
  "create index requests_pending_purchases on requests (agent_id, expires_at) where status = 'PENDING' and service = 'spend'",
  "create index refunds_request on refunds (request_id)",
  "create index projects_organisation on projects (organisation_id) where organisation_id is not null",
];
