import type { Problem, WireList, WireLoggedReceipt } from "@holdpoint/protocol";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import {
  allowChanges,
  enforce,
  expectAnswer,
  jump,
  lockBaseline,
  observeRun,
  readRequest,
  readShield,
  SERVICE,
  setShield,
} from "../harness/shield.js";

test("[P-SHIELD-MODES] shadow says what it would have done, locked warns, enforce holds", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await allowChanges(holdpoint);

  observeRun(hp, "first");
  await hp.flush({ timeoutMs: 30_000 });
  expect(await readShield(holdpoint)).toMatchObject({
    mode: "shadow",
    baseline: { steps: 3, runs: 1, actions: 3, is_flat: false },
  });
  const early = await readRequest(holdpoint, await jump(hp, "in-shadow"));
  expect(early).toMatchObject({
    status: "APPROVED",
    shield: { mode: "shadow", anomalous: false, effect: "none", after: "read_logs" },
  });

  const locked = await lockBaseline(holdpoint, hp);
  expect(locked.locked_at_runs).toBeGreaterThanOrEqual(20);
  expect(locked.baseline).toMatchObject({ is_flat: true, runs_needed: 20 });
  const other = { service: SERVICE, runId: "in-locked", action: "drop_database" };
  const warned = await hp.defer({ ...other, payload: {} });
  expect(await readRequest(holdpoint, warned.id)).toMatchObject({
    status: "PENDING",
    shield: { mode: "locked", anomalous: true, effect: "warned" },
  });

  await enforce(holdpoint);
  const held = await hp.defer({ ...other, runId: "in-enforce", action: "apply", payload: {} });
  expect(await readRequest(holdpoint, held.id)).toMatchObject({
    status: "PENDING",
    policy: { verdict: "allow" },
    shield: { mode: "enforce", anomalous: true, effect: "held" },
  });

  await setShield(holdpoint, "mode", { mode: "shadow" });
  const told = await hp.defer({ ...other, runId: "again", action: "apply", payload: {} });
  expect(await readRequest(holdpoint, told.id)).toMatchObject({
    status: "APPROVED",
    shield: { mode: "shadow", anomalous: true, effect: "none" },
  });
});

test("[P-SHIELD-MODES] a baseline that is not learnt is enforced by nobody, and one that is by admins alone", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  observeRun(hp, "first");
  await hp.flush({ timeoutMs: 30_000 });
  const path = `/v1/shield/${SERVICE}/mode`;
  const body = JSON.stringify({ mode: "enforce" });
  const early = await holdpoint.operate(path, { method: "PUT", body });
  expect(early.status).toBe(409);
  const problem = (await early.json()) as Problem;
  expect(problem.code).toBe("SHIELD_NOT_LOCKED");
  expect(problem.detail).toMatch(/\b200 runs it takes, 1 have ended/);

  await lockBaseline(holdpoint, hp);
  const byAgent = await fetch(`${holdpoint.url}${path}`, {
    method: "PUT",
    body,
    headers: { authorization: `Bearer ${holdpoint.apiKey}`, "content-type": "application/json" },
  });
  expect(byAgent.status).toBe(403);
  await enforce(holdpoint);
  await setShield(holdpoint, "mode", { mode: "shadow" });
  expect(await readShield(holdpoint)).toMatchObject({
    mode: "shadow",
    changed_by: { type: "operator", id: holdpoint.operatorId },
  });

  const { data } = await expectAnswer<WireList<WireLoggedReceipt>>(holdpoint, "/v1/receipts");
  const contents = data.map(({ jws }) => JSON.parse(atob(jws.split(".")[1] ?? "")));
  const changes = contents.filter(({ type }) => type === "shield.changed");
  expect(changes.map(({ actor }) => actor.type).toSorted()).toEqual(
    ["operator", "operator", "operator", "system"].toSorted(),
  );
});

test("[P-SHIELD-EXPLAINS] a held jump says why, in the request, at the agent and in a receipt that verifies", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp);
  await enforce(holdpoint);
  const id = await jump(hp, "on-friday");
  const { shield } = await readRequest(holdpoint, id);
  expect(shield?.explanation).toMatch(/^apply has never been seen in \d+ steps of deploy\./);
  expect(shield).toMatchObject({ after: "read_logs", signals: ["path"] });
  expect((await hp.requests.get(id)).shield).toMatchObject({
    explanation: shield?.explanation,
    effect: "held",
  });

  await holdpoint.decide(id, { decision: "reject", reason: "Not on a Friday." });
  const { receiptId } = await hp.wait(id);
  const receipt = await hp.receipts.get(receiptId as string);
  expect(await hp.receipts.verify(receipt, { allowUnlogged: true })).toMatchObject({
    type: "request.rejected",
  });
  const content = JSON.parse(Buffer.from(receipt.jws.split(".")[1] ?? "", "base64url").toString());
  expect(content.shield).toEqual({
    profile_id: shield?.profile_id,
    mode: "enforce",
    anomalous: true,
    signals: ["path"],
    effect: "held",
    surprise_bits: shield?.surprise_bits,
    one_in: shield?.one_in,
    explanation: shield?.explanation,
  });
});
