import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { ControlPlaneReady } from "./control-plane.js";
import { startServer } from "./processes.js";
import type { Row } from "./report.js";
import { quantile, round } from "./stats.js";
import { connect } from "./till.js";

const PURCHASES = Number(process.env.HOLDPOINT_BENCH_PURCHASES ?? 1_000_000);
const SAMPLES = 1_500;
const WARM_UP = 300;
const DAY_MS = 86_400_000;
const DAYS = 90;

/**
 * The cost of one purchase with few before it and with a million, on the same file: the rows of the
 * first are copied, spread over 90 days, while the server is stopped.
 */
export async function measureGrownPurchases(server: URL): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-bench-grown-"));
  const path = join(folder, "holdpoint.db");
  const environment = {
    HOLDPOINT_BENCH_FILE: path,
    HOLDPOINT_BENCH_MASTER_KEY: randomBytes(32).toString("base64url"),
  };
  try {
    const few = await timePurchases(server, environment);
    grow(path);
    const many = await timePurchases(server, environment);
    const [before, after] = [quantile(few.eachMs, 0.5), quantile(many.eachMs, 0.5)];
    return [
      {
        figure: `a purchase, p50, few before → ${PURCHASES.toLocaleString("en")} before`,
        value: `${round(before)} → ${round(after)} ms, ${round(after / before)} ×`,
        aim: "≤ 1.2 ×",
      },
      {
        figure: "the first one after growth, which sums up its windows once",
        value: `${round(many.firstMs)} ms`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function timePurchases(server: URL, environment: Readonly<Record<string, string>>) {
  await using controlPlane = await startServer<ControlPlaneReady>(server, environment);
  const till = await connect(controlPlane.ready, 1, 0);
  const time = async () => {
    const started = performance.now();
    await till.buyAsOne();
    return performance.now() - started;
  };
  const firstMs = await time();
  const eachMs: number[] = [];
  for (let index = 0; index < WARM_UP + SAMPLES; index++) {
    const tookMs = await time();
    if (index >= WARM_UP) eachMs.push(tookMs);
  }
  await till.close();
  return { firstMs, eachMs };
}

/** Copies one purchase with its request and ledger entries until there are enough. */
function grow(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = off; pragma foreign_keys = off");
  const numbers = `with recursive numbers(n) as
    (select 1 union all select n + 1 from numbers where n < ${PURCHASES})`;
  const id = (prefix: string) => `'${prefix}_0' || printf('%025d', n)`;
  const at = (column: string) => `${column} - (n % ${DAYS}) * ${DAY_MS} - n % 1000`;
  const copy = (table: string, from: string, changed: Readonly<Record<string, string>>) => {
    const columns = database.prepare(`select name from pragma_table_info('${table}')`).all();
    const names = columns.map(({ name }) => String(name));
    const values = names.map((name) => changed[name] ?? name);
    database.exec(`insert into ${table} (${names.join(", ")})
      ${numbers} select ${values.join(", ")} from numbers, (select * from ${table} where ${from})`);
  };
  const { request_id } = database.prepare("select request_id from purchases limit 1").get() as {
    request_id: string;
  };
  // Open holds are on no list of what is due: those here are long confirmed.
  copy("requests", `id = '${request_id}'`, {
    id: id("req"),
    grant_id: id("gnt"),
    created_at: at("created_at"),
    resolution_event_id: "null",
  });
  copy("purchases", `request_id = '${request_id}'`, {
    request_id: id("req"),
    reserved_at: at("reserved_at"),
    hold: "'SETTLED'",
    hold_expires_at: "null",
    actual_amount: "amount",
    confirmed_at: at("reserved_at"),
  });
  copy("ledger_entries", `request_id = '${request_id}'`, {
    id: "'lgr_' || substr(spend_account_id, -6) || printf('%020d', n)",
    request_id: id("req"),
    at: at("at"),
    event_id: "null",
  });
  database.exec(`update spend_accounts set spent = spent + ${PURCHASES} *
    (select amount from purchases where request_id = '${request_id}')`);
  // So that the next purchase has to count them all.
  database.exec("delete from spend_windows");
  database.close();
}
