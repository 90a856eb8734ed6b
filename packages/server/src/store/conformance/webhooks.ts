import { randomBytes } from "node:crypto";
import { typeidUnboxed } from "typeid-js";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import type { LeasedDelivery, WebhookDelivery } from "../verbs/webhooks.js";
import { approval, createTenant, HOUR, NOW, type Tenant } from "./fixture.js";

const LEASE_MS = 60_000;

/** Where events go, and that each goes there. */
export function testWebhooks(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
  });

  const newSecret = () => ({ text: `whsec_${randomBytes(32).toString("base64")}`, hint: "…abcd" });

  async function makeEndpoint(fields: object = {}, secret = newSecret()) {
    const endpoint = {
      id: typeidUnboxed("whk"),
      projectId: tenant.projectId,
      url: "https://example.com/",
      enabled: true,
      createdAt: NOW,
      ...fields,
    };
    const made = await store.webhookEndpoints.create(endpoint, secret, 50);
    if (made === "full") throw new Error("Expected room for an endpoint.");
    return { ...made, secret };
  }

  /** A tenant with one endpoint and so many requests, each with an event on its way. */
  async function makeBacklog(requests: number) {
    tenant = await createTenant(store);
    const endpoint = await makeEndpoint();
    const drafts = Array.from({ length: requests }, () => tenant.draft());
    for (const draft of drafts) await store.requests.create(draft);
    return { endpoint, drafts };
  }

  async function listed(): Promise<readonly WebhookDelivery[]> {
    const { items } = await store.webhookDeliveries.list(tenant.projectId, { limit: 100 });
    return items;
  }

  const lease = (endpointId: string, now = NOW, limit = 100) =>
    store.webhookDeliveries.lease(endpointId, now, now + LEASE_MS, limit);

  it("puts an event on its way to every endpoint that wants it, with the event itself", async () => {
    tenant = await createTenant(store);
    const all = await makeEndpoint();
    const some = await makeEndpoint({ eventTypes: ["request.approved"] });
    await makeEndpoint({ enabled: false });
    const draft = tenant.draft();
    await store.requests.create(draft);
    await store.requests.create(draft);
    await store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
    await store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
    const events = await store.events.listForRequest(tenant.projectId, draft.id);
    const told = (await listed()).map(({ endpointId, eventId, type }) => [
      endpointId,
      eventId,
      type,
    ]);
    expect(told).toHaveLength(3);
    expect(told).toContainEqual([all.id, events[0]?.id, "request.created"]);
    expect(told).toContainEqual([all.id, events[1]?.id, "request.approved"]);
    expect(told).toContainEqual([some.id, events[1]?.id, "request.approved"]);
    expect(store.webhookDeliveries.expects(tenant.projectId)).toBe(true);
  });

  it("expects nothing of a project without endpoints", async () => {
    tenant = await createTenant(store);
    await store.requests.create(tenant.draft());
    expect(store.webhookDeliveries.expects(tenant.projectId)).toBe(false);
    expect(await listed()).toEqual([]);
  });

  it("undoes the delivery with the event", async () => {
    const { endpoint } = await makeBacklog(0);
    const orphan = tenant.draft({ agent: { id: "agt_missing", name: "x" } });
    await expect(store.requests.create(orphan)).rejects.toThrow();
    expect(await lease(endpoint.id)).toEqual([]);
  });

  it("opens secrets, and the previous one until it expires", async () => {
    tenant = await createTenant(store);
    const { id, secret } = await makeEndpoint();
    const next = newSecret();
    const times = { at: NOW, previousExpiresAt: NOW + HOUR };
    await store.webhookEndpoints.rotateSecret(tenant.projectId, id, next, times);
    const during = await store.webhookEndpoints.loadTarget(id, NOW + HOUR - 1);
    expect(during?.secrets).toEqual([next.text, secret.text]);
    const after = await store.webhookEndpoints.loadTarget(id, NOW + HOUR);
    expect(after?.secrets).toEqual([next.text]);
  });

  it("keeps two secrets when several rotate at once, the newest of which signs", async () => {
    tenant = await createTenant(store);
    const { id } = await makeEndpoint();
    const times = { at: NOW, previousExpiresAt: NOW + HOUR };
    const secrets = Array.from({ length: 10 }, newSecret);
    await Promise.all(
      secrets.map((secret) =>
        store.webhookEndpoints.rotateSecret(tenant.projectId, id, secret, times),
      ),
    );
    const target = await store.webhookEndpoints.loadTarget(id, NOW);
    const texts = secrets.map(({ text }) => text);
    expect(new Set(target?.secrets).size).toBe(2);
    expect(target?.secrets.every((text) => texts.includes(text))).toBe(true);
  });

  it("rotates once, however often it is told to", async () => {
    tenant = await createTenant(store);
    const { id, secret } = await makeEndpoint();
    const next = newSecret();
    const times = { at: NOW, previousExpiresAt: NOW + HOUR };
    await store.webhookEndpoints.rotateSecret(tenant.projectId, id, next, times);
    await store.webhookEndpoints.rotateSecret(tenant.projectId, id, next, times);
    const target = await store.webhookEndpoints.loadTarget(id, NOW);
    expect(target?.secrets).toEqual([next.text, secret.text]);
  });

  it("sends one test per id", async () => {
    tenant = await createTenant(store);
    const { id } = await makeEndpoint();
    const test = { id: typeidUnboxed("whd"), eventId: typeidUnboxed("evt"), at: NOW };
    const made = await store.webhookDeliveries.addTest(tenant.projectId, id, test);
    expect(await store.webhookDeliveries.addTest(tenant.projectId, id, test)).toEqual(made);
    expect(await listed()).toEqual([made]);
  });

  it("makes an endpoint once per id, and so many in all", async () => {
    tenant = await createTenant(store);
    const { secret, ...endpoint } = await makeEndpoint();
    const again = await store.webhookEndpoints.create(endpoint, newSecret(), 1);
    expect(again).toEqual(endpoint);
    const target = await store.webhookEndpoints.loadTarget(endpoint.id, NOW);
    expect(target?.secrets).toEqual([secret.text]);
    const other = { ...endpoint, id: typeidUnboxed("whk") };
    expect(await store.webhookEndpoints.create(other, newSecret(), 1)).toBe("full");
  });

  it("makes no more endpoints than the limit at the same moment, and one per id", async () => {
    tenant = await createTenant(store);
    const draft = () => ({
      id: typeidUnboxed("whk"),
      projectId: tenant.projectId,
      url: "https://example.com/",
      enabled: true,
      createdAt: NOW,
    });
    const same = draft();
    const twice = Array.from({ length: 10 }, () =>
      store.webhookEndpoints.create(same, newSecret(), 3),
    );
    for (const made of await Promise.all(twice)) expect(made).toMatchObject({ id: same.id });
    const many = Array.from({ length: 20 }, () =>
      store.webhookEndpoints.create(draft(), newSecret(), 3),
    );
    expect((await Promise.all(many)).filter((made) => made !== "full")).toHaveLength(2);
    expect(await store.webhookEndpoints.list(tenant.projectId)).toHaveLength(3);
  });

  it("hides endpoints and deliveries from other projects", async () => {
    const { endpoint } = await makeBacklog(1);
    const [delivery] = await listed();
    const other = (await createTenant(store)).projectId;
    const { webhookEndpoints, webhookDeliveries } = store;
    const times = { at: NOW, previousExpiresAt: NOW + HOUR };
    expect(await webhookEndpoints.list(other)).toEqual([]);
    expect(await webhookEndpoints.find(other, endpoint.id)).toBeUndefined();
    expect(await webhookEndpoints.change(other, endpoint.id, { enabled: false })).toBeUndefined();
    expect(await webhookEndpoints.remove(other, endpoint.id, NOW)).toBe(false);
    const rotated = webhookEndpoints.rotateSecret(other, endpoint.id, newSecret(), times);
    expect(await rotated).toBeUndefined();
    const test = { id: typeidUnboxed("whd"), eventId: typeidUnboxed("evt"), at: NOW };
    expect(await webhookDeliveries.addTest(other, endpoint.id, test)).toBeUndefined();
    expect(await webhookDeliveries.replay(other, delivery?.id ?? "", NOW)).toBeUndefined();
    const query = { endpointId: endpoint.id, limit: 10 };
    expect((await webhookDeliveries.list(other, query)).items).toEqual([]);
  });

  it("leases what is due, oldest first, to one of many at once", async () => {
    const { endpoint, drafts } = await makeBacklog(40);
    expect(await store.webhookDeliveries.dueEndpoints(NOW)).toContain(endpoint.id);
    expect(await lease(endpoint.id, NOW - 1)).toEqual([]);
    const leases = await Promise.all(Array.from({ length: 8 }, () => lease(endpoint.id, NOW, 10)));
    const taken = leases.flat().map(({ requestId }) => requestId);
    expect(new Set(taken).size).toBe(taken.length);
    // Whoever is skipped over comes again: nothing is left behind.
    const rest = await lease(endpoint.id);
    const all = [...taken, ...rest.map(({ requestId }) => requestId)];
    expect(all.sort()).toEqual(drafts.map(({ id }) => id).sort());
    expect(await store.webhookDeliveries.dueEndpoints(NOW)).not.toContain(endpoint.id);
  });

  it("leases again what its worker died with, and settles for the newest lease only", async () => {
    const { endpoint } = await makeBacklog(1);
    const [dead] = (await lease(endpoint.id)) as [LeasedDelivery];
    expect(await lease(endpoint.id, NOW + LEASE_MS - 1)).toEqual([]);
    const [alive] = (await lease(endpoint.id, NOW + LEASE_MS)) as [LeasedDelivery];
    expect(alive).toMatchObject({ id: dead.id, eventId: dead.eventId, attempts: 2 });
    const delivered = { status: 200, next: { kind: "delivered", at: NOW } } as const;
    expect(await store.webhookDeliveries.settle(dead, delivered)).toBe(false);
    expect((await listed())[0]?.status).toBe("PENDING");
    expect(await store.webhookDeliveries.settle(alive, delivered)).toBe(true);
    expect(await store.webhookDeliveries.settle(alive, delivered)).toBe(false);
    expect(await listed()).toMatchObject([
      { status: "DELIVERED", lastStatus: 200, deliveredAt: NOW },
    ]);
  });

  it("tells when the next is due, of enabled endpoints", async () => {
    const { endpoint } = await makeBacklog(1);
    const [leased] = (await lease(endpoint.id)) as [LeasedDelivery];
    // Earlier than what every other test has left.
    const at = NOW - 1_000 * HOUR;
    const retry = { error: "timeout", next: { kind: "retry", at } } as const;
    await store.webhookDeliveries.settle(leased, retry);
    expect(await store.webhookDeliveries.nextDue()).toBe(at);
    expect(await store.webhookDeliveries.dueEndpoints(at - 1)).not.toContain(endpoint.id);
    await store.webhookEndpoints.change(tenant.projectId, endpoint.id, { enabled: false });
    expect(await store.webhookDeliveries.nextDue()).not.toBe(at);
    expect(await store.webhookDeliveries.dueEndpoints(at)).not.toContain(endpoint.id);
    expect(await store.webhookEndpoints.loadTarget(endpoint.id, NOW)).toBeUndefined();
  });

  it("replays what is dead, and lets no attempt from before settle it", async () => {
    const { endpoint } = await makeBacklog(1);
    const [leased] = (await lease(endpoint.id)) as [LeasedDelivery];
    await store.webhookDeliveries.settle(leased, { status: 500, next: { kind: "dead" } });
    expect(await listed()).toMatchObject([{ status: "DEAD", lastStatus: 500 }]);
    const replayed = await store.webhookDeliveries.replay(tenant.projectId, leased.id, NOW + 1);
    expect(replayed).toMatchObject({ status: "PENDING", attempts: 0, nextAttemptAt: NOW + 1 });
    const late = { status: 200, next: { kind: "delivered", at: NOW } } as const;
    expect(await store.webhookDeliveries.settle(leased, late)).toBe(false);
    expect(await lease(endpoint.id, NOW + 1)).toMatchObject([{ id: leased.id, attempts: 1 }]);
  });

  it("disables an endpoint that is gone, with the delivery that found out", async () => {
    const { endpoint } = await makeBacklog(1);
    const [leased] = (await lease(endpoint.id)) as [LeasedDelivery];
    await store.webhookDeliveries.settle(leased, { status: 410, next: { kind: "gone" } });
    const found = await store.webhookEndpoints.find(tenant.projectId, endpoint.id);
    expect(found?.enabled).toBe(false);
    const replayed = store.webhookDeliveries.replay(tenant.projectId, leased.id, NOW);
    expect(await replayed).toBe("disabled");
  });

  it("prunes what has ended and is old, and nothing else", async () => {
    const createdAt = NOW - 5_000 * HOUR;
    tenant = await createTenant(store);
    const { id } = await makeEndpoint();
    for (let count = 0; count < 3; count += 1)
      await store.requests.create(tenant.draft({ createdAt }));
    const [delivered, dead] = (await lease(id, NOW, 2)) as [LeasedDelivery, LeasedDelivery];
    const outcome = { status: 200, next: { kind: "delivered", at: NOW } } as const;
    await store.webhookDeliveries.settle(delivered, outcome);
    await store.webhookDeliveries.settle(dead, { status: 500, next: { kind: "dead" } });
    await store.requests.create(tenant.draft());
    expect(await store.webhookDeliveries.prune(createdAt, 10)).toBe(0);
    expect(await store.webhookDeliveries.prune(createdAt + 1, 1)).toBe(1);
    expect(await store.webhookDeliveries.prune(createdAt + 1, 10)).toBe(1);
    expect(await store.webhookDeliveries.prune(createdAt + 1, 10)).toBe(0);
    expect((await listed()).map(({ status }) => status)).toEqual(["PENDING", "PENDING"]);
  });

  it("ends what is on its way to an endpoint that is deleted", async () => {
    const { endpoint } = await makeBacklog(2);
    await store.webhookEndpoints.remove(tenant.projectId, endpoint.id, NOW);
    expect(await listed()).toMatchObject([{ status: "DEAD" }, { status: "DEAD" }]);
    await store.requests.create(tenant.draft());
    expect(await listed()).toHaveLength(2);
    expect(await store.webhookEndpoints.list(tenant.projectId)).toEqual([]);
  });
}
