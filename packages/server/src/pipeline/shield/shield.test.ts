import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Asked, JUMP, ShieldWorld } from "./testing/shield-world.js";

let shield: ShieldWorld;
beforeEach(async () => {
  shield = await ShieldWorld.create();
});
afterEach(() => shield[Symbol.asyncDispose]());

const ALLOW = '@id("allow") permit (principal, action, resource);';
const HOLD = '@id("hold") @hold("finance") permit (principal, action, resource);';
const DENY = '@id("never") @reason("Never.") forbid (principal, action, resource);';
const NOTHING = "";

const outcomeOf = ({ status, shield: { anomalous, effect } }: Asked) => [status, anomalous, effect];

describe("a jump that a run has never made", () => {
  it.each([
    ["shadow", { allow: "APPROVED none", hold: "PENDING none", none: "PENDING none" }],
    ["locked", { allow: "APPROVED warned", hold: "PENDING warned", none: "PENDING warned" }],
    ["enforce", { allow: "PENDING held", hold: "PENDING warned", none: "PENDING warned" }],
  ] as const)(
    "[P-SHIELD-TIGHTENS] comes in %s to %j, and denied stays denied",
    async (mode, outcomes) => {
      await shield.learnt(mode);
      for (const [say, outcome] of Object.entries({ ...outcomes, deny: "REJECTED none" })) {
        const text = { allow: ALLOW, hold: HOLD, none: NOTHING, deny: DENY }[say] ?? "";
        await shield.world.setPolicy(text);
        const jump = await shield.jump();
        expect(`${jump.status} ${jump.shield.effect}`).toBe(outcome);
        expect(jump.shield).toMatchObject({ mode, anomalous: true, signals: ["path"] });
        expect(jump.shield.after).toBe("read_logs");
        expect(await shield.eventsOf(jump.id)).toEqual([
          "request.created",
          "shield.anomaly",
          ...(jump.status === "PENDING" ? [] : [`request.${jump.status.toLowerCase()}`]),
        ]);
        const usual = await shield.askUsual();
        expect(usual.shield).toMatchObject({ anomalous: false, effect: "none", signals: [] });
        expect(usual.status).toBe({ allow: "APPROVED", deny: "REJECTED" }[say] ?? "PENDING");
        expect(await shield.eventsOf(usual.id)).not.toContain("shield.anomaly");
      }
    },
  );

  it("[P-SHIELD-EXPLAINS] says why in one sentence with numbers", async () => {
    await shield.learnt("enforce");
    const { shield: verdict } = await shield.jump();
    expect(verdict.explanation).toMatch(
      /^apply_terraform has never been seen in \d{3} steps of deploy\. As surprising as 1 run in 1\d\d\.$/,
    );
    expect(verdict.one_in).toBeGreaterThanOrEqual(100);
    const begun = await shield.ask({ action: "summarise", run_id: "jumped" });
    expect(begun.shield.explanation).toMatch(
      /^A run of deploy has never begun with summarise \(0 of \d+\)/,
    );
    const { shield: back } = await shield.ask({ action: "search", run_id: "jumped" });
    expect(back.explanation).toMatch(
      /^After summarise, deploy has gone to search 0 of \d+ times; usual: open_ticket/,
    );
  });

  it("waits without the role that the policy names for others", async () => {
    await shield.learnt("enforce");
    await shield.world.setPolicy(ALLOW);
    const jump = await shield.jump();
    expect(jump).not.toHaveProperty("role");
    expect(jump.policy).toMatchObject({ verdict: "allow" });
    await shield.decide(jump.id, { decision: "approve" });
    const { body } = await shield.world.call("GET", `/v1/requests/${jump.id}`, { as: "agent" });
    expect(body).toMatchObject({ status: "APPROVED", shield: { effect: "held" } });
  });
});

describe("a baseline", () => {
  it("[P-SHIELD-MODES] is locked by the shield once its surprise has flattened, and not before", async () => {
    await shield.learn(199);
    const look = async () => {
      shield.world.clock.advance(5_000);
      return (await shield.profile()).mode;
    };
    expect(await look()).toBe("shadow");
    expect((await shield.profile()).baseline).toMatchObject({ runs: 199, is_flat: false });
    await shield.learn(1);
    await vi.waitFor(async () => expect(await look()).toBe("locked"), { timeout: 20_000 });
    const { locked_at_runs, changed_by } = await shield.profile();
    expect([locked_at_runs, changed_by]).toEqual([200, { type: "system", id: "shield" }]);
  });

  it("[P-SHIELD-MODES] enforces only once an operator says so", async () => {
    await shield.learnt("locked");
    await shield.learn(400);
    shield.world.clock.advance(3_600_000);
    expect((await shield.jump()).shield.effect).toBe("warned");
    expect((await shield.profile()).mode).toBe("locked");
  });

  it("[P-SHIELD-TAUGHT] is not taught by repetition while it is locked", async () => {
    await shield.learnt("locked");
    const steps = Array.from({ length: 300 }, (_, index) => [
      { action: "read_logs", run_id: `again-${index}` },
      { action: JUMP, run_id: `again-${index}`, ends_run: true },
    ]);
    await shield.observe(steps.flat());
    expect((await shield.jump()).shield).toMatchObject({ anomalous: true, effect: "warned" });
  });

  it("learns whatever happens while it is in shadow", async () => {
    await shield.learnt("shadow");
    expect((await shield.jump()).shield.anomalous).toBe(true);
    const steps = Array.from({ length: 200 }, (_, index) => [
      { action: "read_logs", run_id: `again-${index}` },
      { action: JUMP, run_id: `again-${index}`, ends_run: true },
    ]);
    await shield.observe(steps.flat());
    expect((await shield.jump()).shield.anomalous).toBe(false);
  });
});

describe("what a person says of a jump", () => {
  beforeEach(async () => {
    await shield.learnt("enforce");
    await shield.world.setPolicy(ALLOW);
  }, 30_000);

  it("[P-SHIELD-TAUGHT] teaches it when it is approved", async () => {
    const { id } = await shield.jump();
    expect((await shield.jump()).status).toBe("PENDING");
    await shield.decide(id, { decision: "approve" });
    expect(outcomeOf(await shield.jump())).toEqual(["APPROVED", false, "none"]);
  });

  it("[P-SHIELD-TAUGHT] does not teach it when it is rejected", async () => {
    const { id } = await shield.jump();
    await shield.decide(id, { decision: "reject" });
    expect(outcomeOf(await shield.jump())).toEqual(["PENDING", true, "held"]);
  });

  it("[P-SHIELD-TAUGHT] teaches the way, and not the arguments, when it is edited", async () => {
    const payload = { title: "Nightly report", recipients: ["all@example.com"] };
    const odd = await shield.askUsual({ payload });
    expect(odd.shield).toMatchObject({ anomalous: true, signals: ["structure"], effect: "held" });
    expect(odd.shield.explanation).toMatch(
      /^open_ticket has never had arguments of this shape in \d+ calls\./,
    );
    const patched_payload = { title: "Nightly report", recipients: [] };
    await shield.decide(odd.id, { decision: "approve", patched_payload });
    const again = await shield.askUsual({ payload });
    expect(again.shield).toMatchObject({ signals: ["structure"], effect: "held" });
    await shield.decide(again.id, { decision: "approve" });
    expect(outcomeOf(await shield.askUsual({ payload }))).toEqual(["APPROVED", false, "none"]);
  });

  it("teaches nothing when nobody says anything", async () => {
    const { id } = await shield.jump({ timeout_ms: 1_000 });
    shield.world.clock.advance(1_000);
    await vi.waitFor(async () => expect(await shield.eventsOf(id)).toContain("request.expired"), {
      timeout: 20_000,
    });
    expect((await shield.jump()).shield.effect).toBe("held");
  });
});

describe("a run with several anomalies in a row", () => {
  beforeEach(async () => {
    await shield.learnt("enforce");
    await shield.world.setPolicy(ALLOW);
  }, 30_000);

  it("[P-SHIELD-PAUSE] is paused until a person approves a step of it, and no other is", async () => {
    const run_id = await shield.begin();
    const jumps: Asked[] = [];
    for (const action of ["a", "b", "c"]) jumps.push(await shield.ask({ action, run_id }));
    expect(jumps.map(({ shield: { signals } }) => signals)).toEqual([["path"], ["path"], ["path"]]);
    const usual = { action: "read_logs", run_id };
    const paused = await shield.ask(usual);
    expect(outcomeOf(paused)).toEqual(["PENDING", true, "held"]);
    expect(paused.shield.signals).toContain("paused");
    expect(paused.shield.explanation).toContain(
      "This run is paused after 3 anomalies in a row, until a person approves a step of it.",
    );
    expect((await shield.askUsual()).status).toBe("APPROVED");
    await shield.decide(jumps[0]?.id ?? "", { decision: "reject" });
    expect((await shield.ask(usual)).shield.signals).toContain("paused");
    await shield.decide(jumps[2]?.id ?? "", { decision: "approve" });
    expect((await shield.ask(usual)).shield.signals).not.toContain("paused");
  });

  it("[P-SHIELD-PAUSE] is paused after as many as is set", async () => {
    await shield.setSettings({ pause_after: 2 });
    const run_id = await shield.begin();
    await shield.ask({ action: "a", run_id });
    expect((await shield.ask({ action: "read_logs", run_id })).shield.signals).not.toContain(
      "paused",
    );
    const other = await shield.begin();
    for (const action of ["a", "b"]) await shield.ask({ action, run_id: other });
    expect((await shield.ask({ action: "read_logs", run_id: other })).shield.signals).toContain(
      "paused",
    );
  });

  it("is not paused where the shield does not enforce", async () => {
    await shield.setMode("locked");
    const run_id = await shield.begin();
    for (const action of ["a", "b", "c", "d"]) await shield.ask({ action, run_id });
    expect((await shield.ask({ action: "read_logs", run_id })).shield.signals).not.toContain(
      "paused",
    );
  });
});

it("what cannot be named apart from others is told by its service and its environment", async () => {
  await shield.learnt("enforce");
  await shield.world.setPolicy(ALLOW);
  for (const fields of [{ service: "other" }, { environment: "staging" }]) {
    const request = await shield.ask({ action: JUMP, run_id: "elsewhere", ...fields });
    expect(outcomeOf(request)).toEqual(["APPROVED", false, "none"]);
    expect(request.shield.mode).toBe("shadow");
  }
});
