import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type {
  WireExecution,
  WireList,
  WireRequest,
  WireWebhookDelivery,
} from "@holdpoint/protocol";
import { expect, test } from "vitest";
import { type Child, startChild } from "../harness/child.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";
import { findFreePort } from "../harness/port.js";

/** How long what is about to happen may take on a busy machine. */
const SOON = { timeout: 20_000 };
const EXAMPLE = "../examples/durable-resume";
/** Where process B is killed, in turn; each life goes one step further than the one before. */
const STEPS = ["woken", "remembered", "claimed", "paid", "settled", "finished"];

test("[P-DURABLE-RESUME] [G2] process A asks and ends; process B, killed at every step, acts once and finishes", {
  timeout: 180_000,
}, async () => {
  await using folder = await createFolder();
  await using holdpoint = await serveControlPlane({ allowLoopbackWebhooks: true });
  const port = await findFreePort();
  const secret = await addEndpoint(holdpoint, port);
  const environment = {
    HOLDPOINT_URL: holdpoint.url,
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_WEBHOOK_SECRET: secret,
    WORK_FOLDER: folder.path,
    PORT: String(port),
  };

  await using asking = startChild(`${EXAMPLE}/ask.ts`, environment, ["A-7"]);
  const id = await asking.nextLine();
  expect(await asking.ended).toBe(0);
  await holdpoint.decide(id, {
    decision: "approve",
    patched_payload: { orderId: "A-7", amountMinor: 10_000 },
    reason: "The lamp was used.",
  });

  for (const step of STEPS) {
    await using dying = await startResume({ ...environment, DIE_AT: step });
    await redeliver(holdpoint);
    await waitForLine(dying, step);
    expect(await dying.ended).toBe("SIGKILL");
  }
  await using last = await startResume(environment);
  await redeliver(holdpoint);
  await waitForLine(last, "finished");
  await expect.poll(() => readDelivery(holdpoint), SOON).toMatchObject({ status: "DELIVERED" });

  expect(await readFiles(folder.path, "payments")).toEqual([
    expect.stringContaining('"amountMinor":10000'),
  ]);
  expect(await readFiles(folder.path, "mail")).toEqual([
    "Dear Ada Lovelace, we have refunded 100.00.\n",
  ]);
  const { execution } = (await read(holdpoint, `/v1/requests/${id}`)) as WireRequest;
  expect(execution.status).toBe("COMMITTED");
  const run = (await read(holdpoint, `/v1/executions/${execution.id}`)) as WireExecution;
  expect(run).not.toHaveProperty("reconciled");
});

async function addEndpoint(holdpoint: ServedControlPlane, port: number): Promise<string> {
  const response = await holdpoint.operate("/v1/webhook-endpoints", {
    method: "POST",
    body: JSON.stringify({
      url: `http://localhost:${port}/`,
      event_types: ["request.approved", "request.rejected"],
    }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { secret: string }).secret;
}

async function startResume(environment: Record<string, string>): Promise<Child> {
  const child = startChild(`${EXAMPLE}/resume.ts`, environment);
  await waitForLine(child, "ready");
  return child;
}

async function waitForLine(child: Child, expected: string): Promise<void> {
  while ((await child.nextLine()) !== expected);
}

/** Sends the decision again at once, as an admin may, rather than after the back-off. */
async function redeliver(holdpoint: ServedControlPlane): Promise<void> {
  const attempted = async () => (await readDelivery(holdpoint))?.last_error;
  await expect.poll(attempted, SOON).toBeTruthy();
  const { id } = (await readDelivery(holdpoint)) as WireWebhookDelivery;
  const path = `/v1/webhook-deliveries/${id}/replay`;
  expect((await holdpoint.operate(path, { method: "POST" })).ok).toBe(true);
}

async function readDelivery(
  holdpoint: ServedControlPlane,
): Promise<WireWebhookDelivery | undefined> {
  const list = (await read(holdpoint, "/v1/webhook-deliveries")) as WireList<WireWebhookDelivery>;
  return list.data[0];
}

async function read(holdpoint: ServedControlPlane, path: string): Promise<unknown> {
  const response = await holdpoint.operate(path);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

async function readFiles(folder: string, name: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, name));
  return Promise.all(names.map((each) => readFile(join(folder, name, each), "utf8")));
}
