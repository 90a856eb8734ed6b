import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testAccounts } from "./conformance/accounts.js";
import { testActions, testModules } from "./conformance/actions.js";
import { testApprovals } from "./conformance/approvals.js";
import { testAuthority } from "./conformance/authority.js";
import { testBudgets } from "./conformance/budgets.js";
import { testEvents } from "./conformance/events.js";
import { testExecutions } from "./conformance/executions.js";
import { createTenant } from "./conformance/fixture.js";
import { testGateCallRaces } from "./conformance/gate-call-races.js";
import { testGateCalls } from "./conformance/gate-calls.js";
import { testIdempotency } from "./conformance/idempotency.js";
import { testIdentities } from "./conformance/identities.js";
import { testLeases } from "./conformance/leases.js";
import { testLists } from "./conformance/lists.js";
import { testPolicies } from "./conformance/policies.js";
import { testPurchaseRaces } from "./conformance/purchase-races.js";
import { testPurchaseWindows } from "./conformance/purchase-windows.js";
import { testPurchases } from "./conformance/purchases.js";
import { testRaces } from "./conformance/races.js";
import { testReceipts } from "./conformance/receipts.js";
import { testRecords } from "./conformance/records.js";
import { testRequests } from "./conformance/requests.js";
import { testSecrets } from "./conformance/secrets.js";
import { testShieldLog } from "./conformance/shield-log.js";
import { testShieldProfiles } from "./conformance/shield-profiles.js";
import { testShieldRequests } from "./conformance/shield-requests.js";
import { testSpendLimits } from "./conformance/spend-limits.js";
import { testStates } from "./conformance/states.js";
import { testWebhooks } from "./conformance/webhooks.js";
import type { Store } from "./store.js";

/**
 * What every store must do, on a real database of its own.
 *
 * @param makeStore - Gives a store over a fresh, empty database.
 */
export function testStore(name: string, makeStore: () => Promise<Store>): void {
  describe(`store on ${name}`, () => {
    describe("requests", () => withStore(makeStore, testRequests));
    describe("requests of a quorum", () => withStore(makeStore, testApprovals));
    describe("lists", () => withStore(makeStore, testLists));
    describe("events", () => withStore(makeStore, testEvents));
    describe("executions", () => withStore(makeStore, testExecutions));
    describe("idempotency", () => withStore(makeStore, testIdempotency));
    describe("accounts", () => withStore(makeStore, testAccounts));
    describe("policies", () => withStore(makeStore, testPolicies));
    describe("receipts", () => withStore(makeStore, testReceipts));
    describe("actions", () => withStore(makeStore, testActions));
    describe("modules", () => withStore(makeStore, testModules));
    describe("secrets", () => withStore(makeStore, testSecrets));
    describe("authority", () =>
      withStore(makeStore, (useStore) => testAuthority(() => [useStore()])));
    describe("leases", () => withStore(makeStore, testLeases));
    describe("identities", () => withStore(makeStore, testIdentities));
    describe("states", () => withStore(makeStore, testStates));
    describe("records", () => withStore(makeStore, testRecords));
    describe("what agents do", () => withStore(makeStore, testShieldLog));
    describe("a profile of the shield", () => withStore(makeStore, testShieldProfiles));
    describe("measured requests", () => withStore(makeStore, testShieldRequests));
    describe("budgets", () => withStore(makeStore, testBudgets));
    describe("spend limits", () => withStore(makeStore, testSpendLimits));
    describe("windows of money", () => withStore(makeStore, testPurchaseWindows));
    describe("races for money", () =>
      withStore(makeStore, (useStore) => testPurchaseRaces(() => [useStore()])));
    describe("a purchase", () => withStore(makeStore, testPurchases));
    describe("a call of the gate", () => withStore(makeStore, testGateCalls));
    describe("races of calls", () =>
      withStore(makeStore, (useStore) => testGateCallRaces(() => [useStore()])));
    describe("webhooks", () => withStore(makeStore, testWebhooks));
    describe("races", () => withStore(makeStore, testRaces));

    it("finishes the writes under way before it closes", async () => {
      const store = await makeStore();
      const tenant = await createTenant(store);
      const writes = Array.from({ length: 300 }, () => store.requests.create(tenant.draft()));
      await store.close();
      const made = await Promise.all(writes);
      expect(made.every(({ outcome }) => outcome === "created")).toBe(true);
    });

    it("finishes the reads under way before it closes", async () => {
      const store = await makeStore();
      const reads = Array.from({ length: 10 }, () => store.projects.count());
      await store.close();
      expect(await Promise.all(reads)).toEqual(Array(10).fill(0));
    });

    it("refuses every verb once closed, and closes twice without harm", async () => {
      const store = await makeStore();
      await store.ping();
      await store.close();
      await store.close();
      await expect(store.ping()).rejects.toMatchObject({ code: "STORE_CLOSED" });
      await expect(store.projects.count()).rejects.toMatchObject({ code: "STORE_CLOSED" });
    });
  });
}

function withStore(makeStore: () => Promise<Store>, tests: (useStore: () => Store) => void): void {
  let store: Store | undefined;
  beforeAll(async () => {
    store = await makeStore();
  });
  afterAll(() => store?.close());
  tests(() => {
    if (store === undefined) throw new Error("The store is opened before the tests run.");
    return store;
  });
}
