import type { WireList } from "@holdpoint/protocol";
import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import {
  allowChanges,
  enforce,
  expectAnswer,
  jump,
  lockBaseline,
  readRequest,
  SERVICE,
} from "../harness/shield.js";

test("[P-SHIELD-TAUGHT] what a person approves is usual from then on, what they reject is not", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp);
  await enforce(holdpoint);

  const rejected = await jump(hp, "rejected");
  await holdpoint.decide(rejected, { decision: "reject" });
  const again = await jump(hp, "again");
  expect(await readRequest(holdpoint, again)).toMatchObject({
    status: "PENDING",
    shield: { effect: "held" },
  });

  await holdpoint.decide(again, { decision: "approve" });
  const taught = await readRequest(holdpoint, await jump(hp, "taught"));
  expect(taught).toMatchObject({
    status: "APPROVED",
    decided_by: { type: "policy" },
    shield: { anomalous: false, effect: "none" },
  });
});

test("[P-SHIELD-TAUGHT] what people approve makes nothing else usual, however surprising it was", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await lockBaseline(holdpoint, hp);
  await enforce(holdpoint);
  for (const action of ["restart", "scale", "roll_back", "apply"]) {
    const runId = `run of ${action}`;
    hp.observe({ service: SERVICE, runId, action: "read_logs", payload: { lines: 200 } });
    const { id } = await hp.defer({ service: SERVICE, runId, action, payload: {} });
    hp.observe({ service: SERVICE, runId, action: "open_ticket", endsRun: true });
    await hp.flush({ timeoutMs: 30_000 });
    expect((await readRequest(holdpoint, id)).shield, action).toMatchObject({ anomalous: true });
    await holdpoint.decide(id, { decision: "approve" });
  }
});

test("[P-SHIELD-TAUGHT] an agent that repeats itself teaches nothing, and a policy's approval neither", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp);
  const first = await readRequest(holdpoint, await jump(hp, "once"));
  expect(first).toMatchObject({ status: "APPROVED", shield: { effect: "warned" } });
  for (let run = 0; run < 100; run += 1) {
    const step = { service: SERVICE, runId: `repeated-${run}` };
    hp.observe({ ...step, action: "read_logs", payload: { lines: 200 } });
    hp.observe({ ...step, action: "apply", payload: { module: "web" }, endsRun: true });
  }
  expect(await hp.flush({ timeoutMs: 30_000 })).toMatchObject({ dropped: 0, pending: 0 });
  await jump(hp, "twice");
  await enforce(holdpoint);
  const last = await readRequest(holdpoint, await jump(hp, "at-last"));
  expect(last).toMatchObject({ status: "PENDING", shield: { anomalous: true, effect: "held" } });
  expect(last.shield?.surprise_bits).toBeGreaterThanOrEqual(first.shield?.surprise_bits ?? 99);
});

test("[P-SHIELD-TAUGHT] an edit teaches the way, not the shape it was asked with, and is put before the model", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp, {
    observe(runId) {
      const change = { service: SERVICE, runId, action: "apply", payload: { module: "web" } };
      hp.observe({ ...change, endsRun: true });
    },
  });
  await enforce(holdpoint);
  const asked = { module: "web", force: true };
  const id = await jump(hp, "edited", { payload: asked });
  const before = (await readRequest(holdpoint, id)).shield;
  expect(before?.path_bits).toBeGreaterThan(1);
  expect(before?.structure_bits).toBeGreaterThan(1);
  await holdpoint.decide(id, { decision: "approve", patched_payload: { module: "web" } });

  expect(await hp.corrections({ service: SERVICE, action: "apply" })).toMatchObject([
    { payload: asked, patchedPayload: { module: "web" } },
  ]);
  const after = (await readRequest(holdpoint, await jump(hp, "same", { payload: asked }))).shield;
  expect(after).toMatchObject({ path_bits: 0, structure_bits: before?.structure_bits });
});

test("[P-SHIELD-TAUGHT] what was only observed is called usual by a person, once", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp);
  const step = { service: SERVICE, runId: "observed" };
  hp.observe({ ...step, action: "read_logs", payload: { lines: 200 } });
  hp.observe({ ...step, action: "apply", payload: { module: "web" }, endsRun: true });
  await hp.flush({ timeoutMs: 30_000 });
  const list = () =>
    expectAnswer<WireList<WireShieldStep>>(holdpoint, `/v1/shield/${SERVICE}/steps?anomalous=true`);
  const { data } = await list();
  expect(data).toMatchObject([{ action: "apply", run_id: "observed" }]);
  const review = (answer: string) =>
    holdpoint.operate(`/v1/shield/${SERVICE}/reviews`, {
      method: "POST",
      body: JSON.stringify({ step_id: data[0]?.id, answer }),
    });
  expect((await review("usual")).status).toBe(200);
  expect((await review("unusual")).status).toBe(409);
  expect((await list()).data).toMatchObject([
    { review: { answer: "usual", by: { type: "operator", id: holdpoint.operatorId } } },
  ]);

  await enforce(holdpoint);
  expect(await readRequest(holdpoint, await jump(hp, "now"))).toMatchObject({
    status: "APPROVED",
    shield: { anomalous: false },
  });
});
