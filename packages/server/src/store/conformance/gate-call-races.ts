import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import { NOW } from "./fixture.js";
import { GateAgent } from "./gate-agent.js";

/** More than any store deals with one by one. */
const LONG_MS = 120_000;
const EUR_10 = { amountMinor: 10, currency: "EUR" };

/**
 * Calls of the gate at the same moment.
 *
 * @param useStores - Stores over one database, which take the calls in turn.
 */
export function testGateCallRaces(useStores: () => readonly Store[]): void {
  let stores: readonly Store[];
  beforeAll(() => {
    stores = useStores();
  });

  const times = <Result>(count: number, call: (index: number) => Promise<Result>) =>
    Promise.all(Array.from({ length: count }, (_, index) => call(index)));
  const count = (answers: readonly { readonly outcome: string }[], outcome: string) =>
    answers.filter((answer) => answer.outcome === outcome).length;

  it("[P-GATE-BUDGET] lets no more calls through than a session has", {
    timeout: LONG_MS,
  }, async () => {
    const agent = await GateAgent.create(stores, { maxCalls: 20 });
    const answers = await times(200, () => agent.create());
    expect([count(answers, "created"), count(answers, "exhausted")]).toEqual([20, 180]);
    expect(await agent.drawn()).toEqual([20, 0]);
  });

  it("[P-GATE-BUDGET] lets no more cost through than a session has", {
    timeout: LONG_MS,
  }, async () => {
    const agent = await GateAgent.create(stores, { maxCost: 309, currency: "EUR" });
    const answers = await times(200, () => agent.create({ cost: EUR_10 }));
    expect(count(answers, "created")).toBe(30);
    expect(await agent.drawn()).toEqual([30, 300]);
    expect(await agent.usedToday()).toEqual([30, 300]);
  });

  it("[P-GATE-BUDGET] lets no more through than an agent's day has, in many sessions", {
    timeout: LONG_MS,
  }, async () => {
    const agent = await GateAgent.create(stores);
    await agent.limit({ maxCallsPerDay: 40, maxCostPerDay: { amountMinor: 309, currency: "EUR" } });
    const leases = [agent.lease];
    for (let session = 1; session < 4; session += 1) {
      await agent.connect();
      leases.push(agent.lease);
    }
    const answers = await times(200, (index) => {
      const draft = agent.draft(index % 2 === 0 ? { cost: EUR_10 } : {});
      return agent.store.gateCalls.create({
        ...draft,
        lease: leases[index % leases.length] ?? draft.lease,
      });
    });
    const [calls, cost] = await agent.usedToday();
    expect(count(answers, "created")).toBe(calls);
    expect(calls).toBe(40);
    expect(cost).toBeLessThanOrEqual(309);
  });

  it("[P-GATE-ONCE] begins one of 50 that come with one approval", {
    timeout: LONG_MS,
  }, async () => {
    const agent = await GateAgent.create(stores);
    const call = await agent.approved(EUR_10);
    const answers = await times(50, () =>
      agent.store.gateCalls.begin({ ...call, start: agent.start() }),
    );
    expect([count(answers, "begun"), count(answers, "lost")]).toEqual([1, 49]);
    expect(await agent.drawn()).toEqual([1, 10]);
  });

  it("[P-GATE-ONCE] makes one of 50 calls of the same id", { timeout: LONG_MS }, async () => {
    const agent = await GateAgent.create(stores);
    const { id } = agent.draft().request;
    const answers = await times(50, () => agent.create({ id }));
    expect([count(answers, "created"), count(answers, "taken")]).toEqual([1, 49]);
    expect(await agent.drawn()).toEqual([1, 0]);
  });

  it("[P-GATE-FREEZE] begins nothing once a freeze is answered", { timeout: LONG_MS }, async () => {
    const agent = await GateAgent.create(stores);
    const approved = await times(20, () => agent.approved());
    let frozenAt = Number.POSITIVE_INFINITY;
    let clock = 0;
    const late: string[] = [];
    const begin = async (index: number) => {
      const startedAt = clock++;
      const call = approved[index % approved.length];
      const { outcome } =
        index < approved.length && call !== undefined
          ? await agent.store.gateCalls.begin({ ...call, start: agent.start({ at: NOW + 2_000 }) })
          : await agent.create();
      if (startedAt > frozenAt && outcome !== "frozen") late.push(outcome);
    };
    const freeze = async () => {
      await agent.freeze();
      frozenAt = clock++;
      await times(20, (index) => begin(index));
    };
    await Promise.all([...Array.from({ length: 60 }, (_, index) => begin(index)), freeze()]);
    expect(late).toEqual([]);
    expect((await agent.create()).outcome).toBe("frozen");
  });
}
