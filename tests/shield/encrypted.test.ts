import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";
import { allowChanges, enforce, lockBaseline, readRequest, SERVICE } from "../harness/shield.js";
import { addEndpoint, serveHandler } from "../harness/webhooks.js";

const encryptionKey = Buffer.alloc(32, 5).toString("base64url");
const canary = "canary-5d02c8";
const SOON = { timeout: 30_000 };

test("[G6] [P-SHIELD-TIGHTENS] a jump is held on payloads that nobody but the client can read, and no value leaves it", async () => {
  await using folder = await createFolder();
  const sent: string[] = [];
  await using holdpoint = await serveControlPlane({
    storage: { kind: "sqlite", path: join(folder.path, "holdpoint.db") },
    allowLoopbackWebhooks: true,
  });
  await using app = await serveHandler(async () => new Response(null, { status: 204 }));
  await addEndpoint(holdpoint, app.url, ["request.created", "shield.anomaly"]);
  const hp = holdpoint.client({
    encryptionKey,
    shield: { buckets: true, sensitive: true },
    fetch: (input, init) => {
      sent.push(String(init?.body ?? ""));
      return fetch(input, init);
    },
  });
  await allowChanges(holdpoint);
  const change = { service: SERVICE, action: "apply" };
  await lockBaseline(holdpoint, hp, {
    settings: { rules: { sensitive: { kinds: ["email"] } } },
    observe(runId) {
      hp.observe({ ...change, runId, payload: { module: canary }, endsRun: true });
    },
  });
  await enforce(holdpoint);

  const usual = await hp.defer({ ...change, runId: "usual", payload: { module: canary } });
  expect(await readRequest(holdpoint, usual.id)).toMatchObject({
    encrypted: true,
    status: "APPROVED",
    shield: { anomalous: false },
  });
  hp.observe({ service: SERVICE, runId: "jump", action: "read_logs", payload: { lines: 200 } });
  const payload = { module: `${canary}@example.com`, force: [canary] };
  const jump = await hp.defer({ ...change, runId: "jump", payload });
  const held = await readRequest(holdpoint, jump.id);
  expect(held).toMatchObject({ encrypted: true, status: "PENDING", shield: { effect: "held" } });
  expect(held.shield?.signals).toEqual(["path", "sensitive"]);
  const other = await hp.defer({ ...change, runId: "shape", payload: { [canary]: true } });
  const { shield } = await readRequest(holdpoint, other.id);
  expect(shield).toMatchObject({ effect: "held", signals: ["structure"] });
  await holdpoint.decide(jump.id, { decision: "reject" });
  const isTold = () => app.bodies.some((body) => body.includes("shield.anomaly"));
  await expect.poll(isTold, SOON).toBe(true);

  await holdpoint.plane.close();
  const names = await readdir(folder.path, { recursive: true });
  const files = await Promise.all(
    names.map((name) => readFile(join(folder.path, name), "latin1").catch(() => "")),
  );
  expect(files.join()).toContain("read_logs");
  for (const seen of [files, sent, holdpoint.log, app.bodies]) {
    expect(seen.join("\n")).not.toContain(canary);
  }
});
