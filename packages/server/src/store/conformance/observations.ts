import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import { InvalidCursorError } from "../errors.js";
import type { Store } from "../store.js";
import type { Observation, ObservationQuery } from "../verbs/observations.js";
import { createTenant, HOUR, makeApiKey, NOW, type Tenant } from "./fixture.js";

/** What agents were observed to do. */
export function testObservations(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeEach(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  const call = (fields: Partial<Observation> = {}): Observation => ({
    id: typeidUnboxed("obs"),
    service: "billing",
    action: "list-invoices",
    observedAt: NOW,
    ...fields,
  });
  const ownerOf = ({ projectId, agent }: Tenant) => ({ projectId, agentId: agent.id });
  const add = (observations: readonly Observation[], at = NOW, of = tenant) =>
    store.observations.add(ownerOf(of), observations, at);
  const list = (query: Partial<ObservationQuery> = {}, of = tenant) =>
    store.observations.list(of.projectId, { limit: 100, ...query });
  const ids = async (query: Partial<ObservationQuery> = {}, of = tenant) =>
    (await list(query, of)).items.map(({ id }) => id);

  it("gives back what was told, with who told it", async () => {
    const full = call({
      skeletonHash: "0".repeat(64),
      runId: "run-1",
      parentRequestId: typeidUnboxed("req"),
      environment: "test",
      agentLabel: "planner",
      observedAt: NOW - 5,
    });
    const bare = call();
    await add([full]);
    await add([bare], NOW + 1);
    expect((await list()).items).toEqual([
      { ...bare, agent: tenant.agent, receivedAt: NOW + 1 },
      { ...full, agent: tenant.agent, receivedAt: NOW },
    ]);
  });

  it("counts the same id once, also in one call and of 50 at the same moment", async () => {
    const [first, second] = [call(), call()];
    await add([first, first, second]);
    await Promise.all(Array.from({ length: 50 }, () => add([second, first], NOW + 1)));
    const { items } = await list();
    expect(items.map(({ receivedAt }) => receivedAt)).toEqual([NOW, NOW]);
  });

  it("lets no agent take another's ids", async () => {
    const stranger = await createTenant(store);
    const same = call();
    await add([{ ...same, service: "theirs" }], NOW, stranger);
    await add([same]);
    expect((await list()).items).toMatchObject([{ service: "billing" }]);
    expect((await list({}, stranger)).items).toMatchObject([{ service: "theirs" }]);
  });

  it("filters, newest first, page by page", async () => {
    const made = Array.from({ length: 7 }, (_, index) =>
      call({
        service: index % 2 === 0 ? "billing" : "mail",
        action: index === 6 ? "other" : "list-invoices",
        ...(index < 4 && { runId: "run-1" }),
      }),
    );
    for (const [index, observation] of made.entries()) {
      await add([observation], NOW + Math.floor(index / 2));
    }
    const key = await store.apiKeys.create(makeApiKey(tenant.projectId, typeidUnboxed("key"), "b"));
    const colleagues = call();
    const colleague = { projectId: tenant.projectId, agentId: key.agent.id };
    await store.observations.add(colleague, [colleagues], NOW + HOUR);
    const id = (...indexes: number[]) => indexes.map((index) => made[index]?.id);
    expect(await ids({ service: "mail" })).toEqual(id(5, 3, 1));
    expect(await ids({ service: "billing", action: "other" })).toEqual(id(6));
    expect(await ids({ runId: "run-1" })).toEqual(id(3, 2, 1, 0));
    expect(await ids({ agentId: tenant.agent.id })).toEqual(id(6, 5, 4, 3, 2, 1, 0));
    expect(await ids({ agentId: key.agent.id })).toEqual([colleagues.id]);
    const first = await list({ limit: 5 });
    const rest = await list({ limit: 5, cursor: first.nextCursor ?? "" });
    const seen = [...first.items, ...rest.items].map((item) => item.id);
    expect(seen).toEqual([colleagues.id, ...id(6, 5, 4, 3, 2, 1, 0)]);
    expect(rest.nextCursor).toBeNull();
    await expect(list({ cursor: "nonsense" })).rejects.toThrow(InvalidCursorError);
  });

  it("forgets what came before a time, of all projects, so many at once", async () => {
    const stranger = await createTenant(store);
    const before = NOW - 1_000 * HOUR;
    await add(
      Array.from({ length: 5 }, () => call()),
      before - 1,
    );
    await add([call()], before - 1, stranger);
    const [kept] = [call()];
    await add([kept], before);
    const counts = await Promise.all(
      Array.from({ length: 4 }, async () => {
        let count = 0;
        for (let batch = -1; batch !== 0; count += Math.max(batch, 0)) {
          batch = await store.observations.prune(before, 2);
          expect(batch).toBeLessThanOrEqual(2);
        }
        return count;
      }),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(await ids()).toEqual([kept.id]);
    expect(await ids({}, stranger)).toEqual([]);
  });
}
