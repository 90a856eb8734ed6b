import { expect, it } from "vitest";
import { sqliteDialect } from "../dialects/sqlite/dialect.js";
import { listMigrations } from "./migrate.js";

it("keeps every released migration under its name, in order", () => {
  expect(Object.keys(listMigrations(sqliteDialect))).toEqual([
    "0001-spine",
    "0002-executions",
    "0003-receipts",
    "0004-states",
    "0005-webhooks",
    "0006-idempotency",
    "0007-replicas",
    "0008-records",
    "0009-observations",
    "0010-spend",
    "0011-escrow",
    "0012-gate",
    "0013-shield",
    "0014-shield-settings",
  ]);
});
