import { join } from "node:path";
import type { WireExecution } from "@holdpoint/protocol";
import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { createFolder } from "../harness/folder.js";
import { openSqliteTables, type Tables } from "../harness/tables.js";
import type { ScopeIds } from "./books.js";
import { ask, type Buyer } from "./money.js";
import type { AgentName, Currency, Rules } from "./oracle.js";
import { openShop, type Shop } from "./shop.js";

/** A control plane with an organisation of one project and two agents, and a look into its books. */
export interface World extends AsyncDisposable {
  readonly shop: Shop;
  readonly agents: Readonly<Record<AgentName, Buyer>>;
  readonly ids: ScopeIds;
  readonly tables: Tables;
  readonly count: () => void;
  /** The run of each purchase that was claimed. */
  readonly runs: Map<string, WireExecution>;
  /** Lets time go by, until whatever fell due has been dealt with. */
  pass(byMs: number): Promise<void>;
}

/** @param count - Called for each step. */
export async function createWorld(startsAt: string, count: () => void): Promise<World> {
  const folder = await createFolder();
  const path = join(folder.path, "holdpoint.db");
  const shop = await openShop({ path, startsAt });
  const agents = { first: shop.buyer, second: await shop.hire("second") };
  const organisation = await ask<{ id: string }>(shop.treasurer.send, "POST", "/v1/organisations", {
    name: "Acme Group",
    project_ids: [shop.projectId],
  });
  const tables = await openSqliteTables(path);
  return {
    shop,
    agents,
    ids: {
      first: agents.first.id,
      second: agents.second.id,
      project: shop.projectId,
      organisation: organisation.id,
    },
    tables,
    count,
    runs: new Map(),
    async pass(byMs) {
      await shop.clock.advance(byMs);
      await untilNothingIsDue(tables, shop.clock.now());
    },
    async [Symbol.asyncDispose]() {
      await tables[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function untilNothingIsDue(tables: Tables, now: number): Promise<void> {
  const deadline = AbortSignal.timeout(10_000);
  while (!deadline.aborted) {
    const [row] = await tables.query(`select
      (select count(*) from requests where status = 'PENDING' and expires_at <= ${now}) +
      (select count(*) from executions where status = 'CLAIMED' and lease_expires_at <= ${now}) +
      (select count(*) from purchases join requests on requests.id = purchases.request_id
        where hold = 'HELD' and hold_expires_at <= ${now}
          and execution_status in ('NONE', 'COMMITTED')) as "due"`);
    if (row?.due === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("The control plane did not deal with what was due within 10 s.");
}

const DECIMALS: Readonly<Record<Currency, number>> = { EUR: 2, USDC: 6 };

/** `1250n` of EUR as `12.50`. */
export function decimal(minor: bigint, currency: Currency): string {
  const digits = minor.toString().padStart(DECIMALS[currency] + 1, "0");
  return `${digits.slice(0, -DECIMALS[currency])}.${digits.slice(-DECIMALS[currency])}`;
}

/** The rules of the oracle as a policy of the wire. */
export function policyOf(rules: Rules): SpendPolicy {
  const text = (minor: bigint | undefined, name: string) =>
    minor === undefined ? {} : { [name]: decimal(minor, rules.currency) };
  return {
    currency: rules.currency,
    timezone: rules.timezone,
    ...text(rules.perRequest, "per_request_limit"),
    ...text(rules.daily, "daily_limit"),
    ...text(rules.weekly, "weekly_limit"),
    ...text(rules.monthly, "monthly_limit"),
    ...text(rules.total, "total_limit"),
    ...(rules.perMinute !== undefined && { requests_per_minute: rules.perMinute }),
    ...(rules.perHour !== undefined && { requests_per_hour: rules.perHour }),
    ...(rules.autoUpTo !== undefined && {
      auto_approve: { enabled: true, max_amount: decimal(rules.autoUpTo, rules.currency) },
    }),
    expiry_minutes: rules.expiryMinutes,
    confirm_tolerance: decimal(rules.tolerance, rules.currency),
  };
}
