import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DatabaseStore } from "./assemble.js";
import { createMasterKey, createTenant, NOW, newest, type Tenant } from "./conformance/fixture.js";
import { createSqliteStore } from "./sqlite.js";

const COPIES = 20_500;

let store: DatabaseStore;
let tenant: Tenant;
beforeAll(async () => {
  store = await createSqliteStore({ storage: { memory: true }, masterKeys: [createMasterKey()] });
  tenant = await createTenant(store);
  await store.requests.create(tenant.draft({ service: "hay" }));
  await multiply(COPIES);
  const last = { service: "needle", createdAt: NOW - 1, priority: "low" } as const;
  await store.requests.create(tenant.draft(last));
});
afterAll(() => store.close());

/** Copies the one request there is, each copy under an id of its own. */
async function multiply(copies: number): Promise<void> {
  const { db } = store.auth;
  await sql`create temp table copies as
    with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${copies})
    select requests.* from requests, counted`.execute(db);
  await sql`update copies set id = 'req_' || rowid`.execute(db);
  await sql`insert into requests select * from copies`.execute(db);
  await sql`drop table copies`.execute(db);
}

it.each(["newest", "triage"] as const)(
  "searches %s in bounded steps and finds all",
  async (order) => {
    const found: string[] = [];
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const query = newest({ order, search: "needle", limit: 10, ...(cursor && { cursor }) });
      const page = await store.requests.list(tenant.projectId, query);
      pages.push(page.items.length);
      found.push(...page.items.map(({ service }) => service));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual([0, 0, 1]);
    expect(found).toEqual(["needle"]);
  },
);

it("fills a page of a search that finds plenty and goes on behind its last", async () => {
  const query = newest({ search: "hay", limit: 100 });
  const first = await store.requests.list(tenant.projectId, query);
  const cursor = first.nextCursor ?? "";
  const second = await store.requests.list(tenant.projectId, { ...query, cursor });
  const ids = [...first.items, ...second.items].map(({ id }) => id);
  expect(new Set(ids).size).toBe(200);
});
