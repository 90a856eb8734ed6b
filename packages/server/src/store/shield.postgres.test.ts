import { createDatabase } from "@holdpoint/test-postgres";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { ShieldEntry } from "../domain/shield/entry.js";
import type { DatabaseStore } from "./assemble.js";
import {
  approval,
  createMasterKey,
  createTenant,
  NOW,
  type Tenant,
} from "./conformance/fixture.js";
import { Watched } from "./conformance/shield-steps.js";
import { createPostgresStore } from "./postgres.js";

/** Two control planes on one database. */
describe("the shield's log of two control planes", () => {
  let stores: readonly DatabaseStore[];
  let tenant: Tenant;
  beforeAll(async () => {
    const connectionString = await createDatabase(inject("postgres"));
    const masterKeys = [createMasterKey()];
    const open = () => createPostgresStore({ connectionString, masterKeys });
    stores = [await open(), await open()];
    tenant = await createTenant(store(0));
  });
  afterAll(() => Promise.all(stores.map((each) => each.close())));

  function store(place: number): DatabaseStore {
    const found = stores[place % stores.length];
    if (found === undefined) throw new Error("The stores are opened before the tests run.");
    return found;
  }

  const watch = (service: string) => Watched.create(store(0), tenant, service);

  /** Reads on from the last entry seen until `isOver`, and once more. */
  async function follow(
    from: DatabaseStore,
    { profile }: Watched,
    isOver: () => boolean,
  ): Promise<readonly ShieldEntry[]> {
    const seen: ShieldEntry[] = [];
    for (let last = false; !last; ) {
      last = isOver();
      const { entries } = await from.shield.readAfter(
        profile.id,
        seen.at(-1)?.sequence ?? 0,
        1_000,
      );
      seen.push(...entries);
    }
    return seen;
  }

  it("[P-SHIELD-SAME] is numbered in the order of commits: who reads on under load misses nothing", async () => {
    const watched = await watch("load");
    const beside = await watch("beside");
    let isOver = false;
    const readers = stores.map((from) => follow(from, watched, () => isOver));
    const writes = Array.from({ length: 400 }, async (_, place) => {
      const of = store(place);
      if (place % 4 === 3) {
        const draft = watched.draft();
        await of.requests.create(draft);
        await store(place + 1).requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
        return;
      }
      const runId = `run-${place % 7}`;
      await of.shield.observe([watched.step({ runId }), beside.step(), watched.step({ runId })]);
    });
    await Promise.all(writes);
    isOver = true;
    const [first, second] = await Promise.all(readers);
    // 300 calls of two steps, 100 requests with a review each.
    expect(first).toHaveLength(800);
    expect(second).toEqual(first);
    const { entries } = await store(0).shield.readAfter(watched.profile.id, 0, 1_000);
    expect(entries).toEqual(first);
    const { items } = await store(1).shield.listRuns(watched.profile.id, { limit: 100 });
    const named = items.filter(({ runId }) => runId !== undefined);
    expect(named).toHaveLength(7);
    expect(named.reduce((sum, { steps }) => sum + steps, 0)).toBe(600);
  });

  it("has a step once that both are told of, and one of them says it is new", async () => {
    const watched = await watch("twice");
    const steps = Array.from({ length: 30 }, () => watched.step());
    const answers = await Promise.all(
      steps.flatMap((step) =>
        Array.from({ length: 6 }, (_, place) => store(place).shield.observe([step])),
      ),
    );
    expect(answers.flatMap((answer) => [...answer]).toSorted()).toEqual(
      steps.map(({ id }) => id).toSorted(),
    );
    const { entries } = await store(1).shield.readAfter(watched.profile.id, 0, 1_000);
    expect(entries).toHaveLength(30);
    const { items } = await store(1).shield.listRuns(watched.profile.id, { limit: 10 });
    expect(items).toMatchObject([{ steps: 30 }]);
  });

  it("[P-SHIELD-TAUGHT] has one review of each step, whoever reviews it where", async () => {
    const watched = await watch("reviewed");
    const steps = Array.from({ length: 10 }, () => watched.departure("none"));
    await store(0).shield.observe(steps);
    const { id, name } = tenant.admin;
    const actor = { type: "operator", id, name } as const;
    const answers = await Promise.all(
      steps.flatMap((step) =>
        Array.from({ length: 6 }, (_, place) =>
          store(place).shield.review(watched.profile.id, step.id, {
            eventId: typeidUnboxed("evt"),
            at: NOW,
            actor,
            answer: "usual",
          }),
        ),
      ),
    );
    expect(answers.filter((answer) => answer !== "reviewed")).toHaveLength(10);
    const { entries } = await store(1).shield.readAfter(watched.profile.id, 0, 1_000);
    expect(entries.filter(({ kind }) => kind === "review")).toHaveLength(10);
  });

  it("changes a mode once, and makes a profile once, of both that try", async () => {
    const watched = await watch("mode");
    const actor = { type: "system", id: "shield" } as const;
    const changes = await Promise.all(
      Array.from({ length: 20 }, (_, place) =>
        store(place).shield.setMode(watched.profile.id, {
          eventId: typeidUnboxed("evt"),
          at: NOW,
          actor,
          from: "shadow",
          mode: "locked",
          runs: place,
        }),
      ),
    );
    expect(changes.filter((change) => change !== "lost")).toHaveLength(1);
    const place = { projectId: tenant.projectId, service: "new", environment: "" };
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store(index).shield.ensureProfile(place, typeidUnboxed("shp"), NOW),
      ),
    );
    expect(new Set(made.map((profile) => profile !== "too_many" && profile.id)).size).toBe(1);
  });
});
