import { beforeAll, expect, it } from "vitest";
import type { NewRequest } from "../../domain/request.js";
import { encodeCursor } from "../cursor.js";
import { InvalidCursorError } from "../errors.js";
import type { RequestQuery, Store } from "../store.js";
import { approval, createTenant, makeApiKey, NOW, newest, type Tenant } from "./fixture.js";

/** Pages, orders, filters and search. */
export function testLists(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  const ids: string[] = [];

  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
    const key = makeApiKey(tenant.projectId, `${tenant.projectId}x`, "Deploy_Bot");
    const { agent } = await store.apiKeys.create(key);
    const drafts: Partial<NewRequest>[] = [
      { priority: "low", service: "mail" },
      { priority: "critical", action: "purge_100%" },
      { priority: "medium", role: "finance", environment: "production" },
      { priority: "critical", runId: "run-7" },
      { priority: "high", agent },
    ];
    for (const [index, draft] of drafts.entries()) {
      // Two share each moment, so that the id has to break the tie.
      const made = tenant.draft({ ...draft, createdAt: NOW + Math.floor(index / 2) });
      await store.requests.create(made);
      ids.push(made.id);
    }
    await createTenant(store).then((other) => store.requests.create(other.draft()));
  });

  const order = (...indexes: number[]) => indexes.map((index) => ids[index]);

  async function listAll(query: RequestQuery): Promise<(string | undefined)[]> {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const next: RequestQuery = cursor === null ? query : { ...query, cursor };
      const page = await store.requests.list(tenant.projectId, next);
      expect(page.items.length).toBeLessThanOrEqual(query.limit);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  it.each([1, 2, 3, 5, 100])("lists the newest first in pages of %i", async (limit) => {
    expect(await listAll(newest({ limit }))).toEqual(order(4, 3, 2, 1, 0));
  });

  it.each([1, 2, 3, 5, 100])("triages by priority, then age, in pages of %i", async (limit) => {
    const query = newest({ order: "triage", statuses: ["PENDING"], limit });
    expect(await listAll(query)).toEqual(order(1, 3, 4, 2, 0));
  });

  it.each<[string, Partial<RequestQuery>, number[]]>([
    ["service", { service: "mail" }, [0]],
    ["action", { action: "purge_100%" }, [1]],
    ["role", { role: "finance" }, [2]],
    ["environment", { environment: "production" }, [2]],
    ["run", { runId: "run-7" }, [3]],
    ["priorities", { priorities: ["critical", "high"] }, [4, 3, 1]],
    ["no priority", { priorities: [] }, []],
    ["no status", { statuses: [] }, []],
    ["all at once", { priorities: ["medium"], role: "finance", service: "billing" }, [2]],
    ["a % in the search", { search: "100%" }, [1]],
    ["a lone %", { search: "%" }, [1]],
    ["an _ in the search", { search: "PURGE_" }, [1]],
    ["a backslash", { search: "\\" }, []],
    ["an agent's name", { search: "deploy_bot" }, [4]],
    ["a service's name", { search: "MAI" }, [0]],
  ])("filters by %s", async (_name, filter, expected) => {
    expect(await listAll(newest({ ...filter, limit: 2 }))).toEqual(order(...expected));
  });

  it("filters by agent and finds by id and by who decided", async () => {
    const other = await createTenant(store);
    const draft = other.draft();
    await store.requests.create(draft);
    await store.requests.resolve(other.projectId, draft.id, 1, approval(other));
    const find = async (query: Partial<RequestQuery>) =>
      (await store.requests.list(other.projectId, newest(query))).items.map(({ id }) => id);
    expect(await find({ agentId: other.agent.id })).toEqual([draft.id]);
    expect(await find({ agentId: tenant.agent.id })).toEqual([]);
    expect(await find({ search: draft.id.slice(-12) })).toEqual([draft.id]);
    expect(await find({ search: "ada" })).toEqual([draft.id]);
    expect(await find({ statuses: ["APPROVED", "REJECTED"] })).toEqual([draft.id]);
    expect(await find({ statuses: ["PENDING"] })).toEqual([]);
  });

  it("opens payloads only when asked", async () => {
    const other = await createTenant(store);
    const draft = other.draft({ schema: { type: "object" } });
    await store.requests.create(draft);
    const decision = approval(other, {
      status: "APPROVED_WITH_MODIFICATIONS",
      reason: "Half.",
      patchedPayload: { amount_minor: 1 },
      diffSummary: { summary: "Changed.", changes: [] },
    });
    await store.requests.resolve(other.projectId, draft.id, 1, decision);
    const whole = await store.requests.list(other.projectId, newest({ includePayload: true }));
    expect(whole.items).toEqual([await store.requests.find(other.projectId, draft.id)]);
    const { items } = await store.requests.list(other.projectId, newest());
    expect(items[0]).toMatchObject({ reason: "Half.", decidedBy: { name: "Ada" } });
    for (const name of ["payload", "patchedPayload", "diffSummary", "schema"]) {
      expect(items[0]).not.toHaveProperty(name);
    }
  });

  it.each([
    "",
    "x",
    "é",
    encodeCursor(["triage", 0, NOW, "req_1"]),
    encodeCursor(["newest", NOW]),
    encodeCursor(["newest", "1", "req_1"]),
    encodeCursor(["newest", 0.5, "req_1"]),
    Buffer.from("null").toString("base64url"),
    Buffer.from('{"0":"newest","length":3}').toString("base64url"),
  ])("refuses the cursor %j", async (cursor) => {
    const listed = store.requests.list(tenant.projectId, newest({ cursor }));
    await expect(listed).rejects.toThrow(InvalidCursorError);
  });
}
