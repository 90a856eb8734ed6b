import { type Migration, Migrator } from "kysely";
import type { Database } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { spine } from "./0001-spine.js";
import { executions } from "./0002-executions.js";
import { receipts } from "./0003-receipts.js";
import { states } from "./0004-states.js";
import { webhooks } from "./0005-webhooks.js";
import { idempotency } from "./0006-idempotency.js";
import { replicas } from "./0007-replicas.js";
import { records } from "./0008-records.js";
import { observations } from "./0009-observations.js";
import { spend } from "./0010-spend.js";
import { escrow } from "./0011-escrow.js";
import { gate } from "./0012-gate.js";
import { shield } from "./0013-shield.js";
import { shieldSettings } from "./0014-shield-settings.js";

/** Every migration, in order. A released one is never changed, renamed or removed. */
export function listMigrations(dialect: Dialect): Record<string, Migration> {
  return {
    "0001-spine": spine(dialect),
    "0002-executions": executions(dialect),
    "0003-receipts": receipts(dialect),
    "0004-states": states(dialect),
    "0005-webhooks": webhooks(dialect),
    "0006-idempotency": idempotency(dialect),
    "0007-replicas": replicas(dialect),
    "0008-records": records(dialect),
    "0009-observations": observations(dialect),
    "0010-spend": spend(dialect),
    "0011-escrow": escrow(dialect),
    "0012-gate": gate(dialect),
    "0013-shield": shield(dialect),
    "0014-shield-settings": shieldSettings(),
  };
}

/** Brings the schema up to date. All of it happens, or nothing; of several at once, one does it. */
export async function migrate({ alter, dialect }: Database): Promise<void> {
  await alter(async (db) => {
    const provider = { getMigrations: async () => listMigrations(dialect) };
    const { error } = await new Migrator({ db, provider }).migrateToLatest();
    if (error !== undefined) throw error;
  });
}
