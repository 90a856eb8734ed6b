import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import {
  allowChanges,
  enforce,
  jump,
  lockBaseline,
  readRequest,
  readShield,
} from "../harness/shield.js";

test("[P-OBSERVE] what was observed while the control plane was away is before what is asked once it is back", async () => {
  await using holdpoint = await serveControlPlane();
  let isAway = false;
  const flaky: typeof fetch = (input, init) =>
    isAway ? Promise.reject(new TypeError("fetch failed")) : fetch(input, init);
  const hp = holdpoint.client({ fetch: flaky });
  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp);
  await enforce(holdpoint);
  const before = (await readShield(holdpoint)).last_24_hours.steps;

  isAway = true;
  const step = { service: "deploy", runId: "offline" };
  hp.observe({ ...step, action: "read_logs", payload: { lines: 200 } });
  hp.observe({ ...step, action: "summarise", payload: { words: 80 } });
  expect(await hp.flush({ timeoutMs: 50 })).toMatchObject({ pending: 2 });
  isAway = false;
  const { id } = await hp.defer({ ...step, action: "open_ticket", payload: { title: "Slow" } });
  expect((await readRequest(holdpoint, id)).shield).toMatchObject({
    after: "summarise",
    anomalous: false,
  });
  expect((await readShield(holdpoint)).last_24_hours.steps).toBe(before + 3);

  const held = await readRequest(holdpoint, await jump(hp, "offline"));
  expect(held.shield).toMatchObject({ after: "read_logs", effect: "held" });
});
