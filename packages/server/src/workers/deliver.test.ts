import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createWakeups } from "../events/wakeups.js";
import { createMetrics } from "../http/metrics.js";
import { ManualClock } from "../routes/testing/clock.js";
import { createMasterKey, createTenant, type Tenant } from "../store/conformance/fixture.js";
import { createSqliteStore } from "../store/sqlite.js";
import type { Store } from "../store/store.js";
import { createAttempt } from "../webhooks/attempt.js";
import { newWebhookSecret } from "../webhooks/secret.js";
import { createSender } from "../webhooks/send.js";
import { Receiver } from "../webhooks/testing/receiver.js";
import { createDeliveryWorker, type DeliveryWorker } from "./deliver.js";

vi.setConfig({ testTimeout: 30_000 });

let store: Store;
let clock: ManualClock;
let tenant: Tenant;
let endpointId: string;
let receiver: Receiver;
let workers: DeliveryWorker[];

beforeEach(async () => {
  receiver = await Receiver.start();
  clock = new ManualClock();
  workers = [];
  await openStore({ memory: true });
});
afterEach(async () => {
  await receiver.stop();
  await Promise.all(workers.map((worker) => worker.stop()));
  await store.close();
});

const masterKeys = [createMasterKey()];

async function openStore(storage: Parameters<typeof createSqliteStore>[0]["storage"]) {
  store = await createSqliteStore({ storage, masterKeys });
  tenant = await createTenant(store);
  endpointId = typeidUnboxed("whk");
  await store.webhookEndpoints.create(
    {
      id: endpointId,
      projectId: tenant.projectId,
      url: receiver.url,
      enabled: true,
      createdAt: clock.now(),
    },
    newWebhookSecret(crypto.getRandomValues(new Uint8Array(32))),
    1,
  );
}

/** A worker of its own on the same store, as another replica has it. */
function startWorker(): DeliveryWorker {
  const log = pino({ level: "silent" });
  const publicUrl = () => "http://localhost";
  const sender = createSender({ clock, policy: { allowLoopback: true } });
  const attempt = createAttempt({ store, clock, publicUrl, log, metrics: createMetrics(), sender });
  const wakeups = createWakeups();
  const worker = createDeliveryWorker({ store, clock, wakeups, log, attempt });
  workers.push(worker);
  worker.start();
  return worker;
}

async function ask(count: number): Promise<void> {
  const drafts = Array.from({ length: count }, () => tenant.draft({ createdAt: clock.now() }));
  await Promise.all(drafts.map((draft) => store.requests.create(draft)));
}

async function statuses(): Promise<readonly string[]> {
  const { items } = await store.webhookDeliveries.list(tenant.projectId, { limit: 1_000 });
  return items.map(({ status }) => status);
}

const eventually = (look: () => unknown) => vi.waitFor(look, { timeout: 20_000, interval: 5 });
const allDelivered = async (count: number) =>
  expect(await statuses()).toEqual(Array(count).fill("DELIVERED"));

it("sends each delivery once, with several workers at once", async () => {
  await ask(300);
  const racing = Array.from({ length: 4 }, startWorker);
  for (const worker of racing) worker.wake();
  await eventually(() => allDelivered(300));
  expect(receiver.calls).toHaveLength(300);
  expect(new Set(receiver.ids).size).toBe(300);
});

it("sends at most eight at once to one receiver", async () => {
  let underWay = 0;
  let most = 0;
  receiver.answer = (response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    setImmediate(() => {
      underWay -= 1;
      response.end();
    });
  };
  await ask(100);
  startWorker();
  await eventually(() => allDelivered(100));
  expect(most).toBeLessThanOrEqual(8);
  expect(most).toBeGreaterThan(1);
});

it("sends again what a worker died with, as the same event", async () => {
  await ask(1);
  const now = clock.now();
  const [dead] = await store.webhookDeliveries.lease(endpointId, now, now + 60_000, 10);
  const survivor = startWorker();
  clock.advance(59_999);
  survivor.wake();
  await eventually(() => expect(clock.pendingTimers).toBeGreaterThan(0));
  expect(receiver.calls).toEqual([]);
  clock.advance(1);
  survivor.wake();
  await eventually(() => allDelivered(1));
  expect(receiver.ids).toEqual([dead?.eventId]);
});

it("forgets nothing between sending and recording: killed there, it is sent again", async () => {
  await ask(1);
  const killed = startWorker();
  let isRecording = () => {};
  const recording = new Promise<void>((resolve) => (isRecording = resolve));
  const settle = vi.spyOn(store.webhookDeliveries, "settle").mockImplementation(() => {
    isRecording();
    return new Promise(() => {});
  });
  killed.wake();
  await recording;
  settle.mockRestore();
  workers = [];
  expect(await statuses()).toEqual(["PENDING"]);
  const survivor = startWorker();
  clock.advance(60_000);
  survivor.wake();
  await eventually(() => allDelivered(1));
  const [first, second] = receiver.ids;
  expect(receiver.calls).toHaveLength(2);
  expect(second).toBe(first);
});

it("lets what is under way end before it stops, and takes no more", async () => {
  const answers: (() => void)[] = [];
  receiver.answer = (response) => answers.push(() => response.end());
  await ask(20);
  const worker = startWorker();
  await eventually(() => expect(receiver.calls).toHaveLength(8));
  const stopped = worker.stop();
  for (const answer of answers) answer();
  await stopped;
  expect(receiver.calls).toHaveLength(8);
  const all = await statuses();
  expect(all.filter((status) => status === "DELIVERED")).toHaveLength(8);
  expect(all.filter((status) => status === "PENDING")).toHaveLength(12);
});

it("goes on after a restart with what was left", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-deliver-"));
  const storage = { path: join(folder, "holdpoint.db") };
  await store.close();
  await openStore(storage);
  await ask(5);
  await store.close();
  store = await createSqliteStore({ storage, masterKeys });
  startWorker();
  await eventually(() => allDelivered(5));
  rmSync(folder, { recursive: true });
});

it("looks again after the store has failed", async () => {
  await ask(1);
  const due = vi.spyOn(store.webhookDeliveries, "dueEndpoints");
  due.mockRejectedValueOnce(new Error("away"));
  startWorker();
  await eventually(() => expect(clock.pendingTimers).toBe(1));
  expect(receiver.calls).toEqual([]);
  clock.advance(1_000);
  await eventually(() => allDelivered(1));
});
