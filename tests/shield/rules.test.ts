import type { ShieldSignal } from "@holdpoint/protocol";
import type { WireShieldRules } from "@holdpoint/protocol/shield";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import {
  allowChanges,
  enforce,
  jump,
  lockBaseline,
  readRequest,
  SERVICE,
  setSettings,
} from "../harness/shield.js";

/** A rule, and changes of one run that break it, the last of them asked for. */
type Story = readonly [signal: ShieldSignal, rules: WireShieldRules, changes: readonly object[]];

const step = { service: SERVICE, runId: "friday" };
const change = { ...step, action: "apply" };
const modules = Array.from({ length: 30 }, (_, index) => ({ module: `m${index}` }));
const stories: readonly Story[] = [
  ["velocity", { velocity: { max_per_minute: 20 } }, modules],
  ["loop", { loop: { max_repeats: 2 } }, Array(3).fill({ module: "web" })],
  ["sensitive", { sensitive: { kinds: ["email"] } }, [{ module: "ada@example.com" }]],
];

test.each(stories)(
  "[P-SHIELD-RULES] %s holds nothing while it is off, and what it is about once it is on",
  async (signal, rules, changes) => {
    await using holdpoint = await serveControlPlane();
    const hp = holdpoint.client();
    await allowChanges(holdpoint);
    // Changes in a row are usual: nothing but the rule can be against them.
    await lockBaseline(holdpoint, hp, {
      observe(runId) {
        for (const [index, payload] of modules.slice(0, 5).entries()) {
          hp.observe({ ...change, runId, payload, endsRun: index === 4 });
        }
      },
    });
    await enforce(holdpoint);
    const askLast = async (runId: string) => {
      for (const payload of changes.slice(0, -1)) hp.observe({ ...change, runId, payload });
      const { id } = await hp.defer({ ...change, runId, payload: changes.at(-1) as object });
      return readRequest(holdpoint, id);
    };
    expect(await askLast("off")).toMatchObject({ status: "APPROVED", shield: { effect: "none" } });
    await setSettings(holdpoint, { rules });
    expect(await askLast("on")).toMatchObject({
      status: "PENDING",
      shield: { effect: "held", signals: [signal] },
    });
  },
);

test("[P-SHIELD-PAUSE] departures in a row pause their run, until a person approves", async () => {
  await using holdpoint = await serveControlPlane();
  const hp = holdpoint.client();
  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp, { settings: { pause_after: 2 } });
  await enforce(holdpoint);
  for (const action of ["list_users", "read_secrets"]) hp.observe({ ...step, action });
  const paused = await hp.defer({ ...step, action: "summarise", payload: { words: 80 } });
  const { shield } = await readRequest(holdpoint, paused.id);
  expect(shield?.signals).toContain("paused");
  expect(shield?.effect).toBe("warned");

  const beside = await readRequest(holdpoint, await jump(hp, "another-run"));
  expect(beside.shield?.signals).not.toContain("paused");

  await holdpoint.decide(paused.id, { decision: "approve" });
  const resumed = await hp.defer({ ...step, action: "open_ticket", payload: { title: "Slow" } });
  expect((await readRequest(holdpoint, resumed.id)).shield?.signals).not.toContain("paused");
});
