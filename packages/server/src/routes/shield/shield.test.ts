import type { WireRequest } from "@holdpoint/protocol";
import { importTrustedKeys, verifyReceipt } from "@holdpoint/protocol/receipt";
import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Receiver } from "../../webhooks/testing/receiver.js";
import { codeOf, type Reply, World } from "../testing/world.js";
import { Routine } from "./testing/routine.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const routineOf = (service: string, environment?: string) =>
  new Routine(world, { service, ...(environment !== undefined && { environment }) });
const list = async (as: "viewer" | "foreignAdmin" = "viewer") =>
  (await world.call("GET", "/v1/shield", { as })).body.data;
/** What a receipt says, once it holds. */
async function verified(receiptId: string): Promise<unknown> {
  const [receipt, keySet] = await Promise.all([
    world.call("GET", `/v1/receipts/${receiptId}`, { as: "viewer" }),
    world.call("GET", "/.well-known/jwks.json"),
  ]);
  const keys = await importTrustedKeys(keySet.body);
  const { content } = await verifyReceipt(receipt.body, { keys, projectId: world.projectId });
  return content;
}

/** What receipts say of changes of a profile, oldest first. */
async function changesOf(profileId: string) {
  const { body } = await world.call("GET", "/v1/receipts?limit=1000", { as: "viewer" });
  const contents = await Promise.all(body.data.map(({ id }: { id: string }) => verified(id)));
  return contents.filter(
    ({ type, subject }) => type === "shield.changed" && subject.id === profileId,
  );
}

async function ask(fields: object): Promise<WireRequest> {
  const made = await world.ask(fields);
  return (await world.call("GET", `/v1/requests/${made.id}`, { as: "agent" })).body;
}

describe("a profile", () => {
  it("is made by the first step of a service, in its environment", async () => {
    expect(await list()).toEqual([]);
    await routineOf("billing").run(["list", "refund"]);
    await routineOf("billing", "staging").run(["list"]);
    expect(await list()).toMatchObject([
      {
        service: "billing",
        mode: "shadow",
        settings: { revision: 0, hold_one_in: 100, pause_after: 3, rules: {} },
        baseline: { steps: 2, runs: 1, actions: 2, runs_needed: 200, is_flat: false },
        warnings: [],
        last_24_hours: { steps: 2, anomalies: 0, held: 0 },
        last_step_at: new Date(world.clock.now()).toISOString(),
      },
      { service: "billing", environment: "staging", baseline: { steps: 1 } },
    ]);
    expect(await list("foreignAdmin")).toEqual([]);
  });

  it("is listed as it is by itself, among as many as there are, by name", async () => {
    const services = Array.from({ length: 11 }, (_, index) => `listed-${10 + index}`);
    // The more, the sooner its name: none may be mistaken for another.
    for (const [index, service] of services.entries()) {
      for (let run = index; run < services.length; run += 1) {
        await routineOf(service).run(["look", ...services.slice(run)]);
      }
    }
    const listed = (await list()).filter(({ service }: { service: string }) =>
      services.includes(service),
    );
    expect(listed.map(({ service }: { service: string }) => service)).toEqual(services);
    for (const profile of listed) {
      const { graph, entropy, would_have_held, ...same } = (await routineOf(profile.service).read())
        .body;
      expect(profile).toEqual(same);
    }
    const steps = listed.map(({ baseline }: { baseline: { steps: number } }) => baseline.steps);
    expect(new Set(steps).size).toBe(services.length);
  });

  it("has a graph of what leads where, and a curve", async () => {
    const routine = routineOf("graph");
    await routine.learn();
    await routine.run(["read_logs", "open_ticket"]);
    const { status, body } = await routine.read();
    expect(status).toBe(200);
    expect(body.graph.is_cut).toBe(false);
    expect(body.graph.nodes).toEqual(
      expect.arrayContaining([
        { action: "read_logs", count: 25, shapes: 0 },
        { action: "summarise", count: 24, shapes: 0 },
      ]),
    );
    const edge = (from: string | null, to: string | null) =>
      body.graph.edges.find(
        (found: { from: unknown; to: unknown }) => found.from === from && found.to === to,
      );
    expect(edge(null, "read_logs")).toMatchObject({ count: 25, approvals: 0 });
    expect(edge("read_logs", "summarise")).toMatchObject({ count: 24 });
    expect(edge("read_logs", "summarise").probability).toBeGreaterThan(0.9);
    expect(edge("open_ticket", null)).toMatchObject({ count: 25 });
    const bits = body.entropy.map((point: { bits: number }) => point.bits);
    expect(body.entropy.at(-1).runs).toBe(25);
    // The run before the last was as all the others; the last was not.
    expect(bits.at(-2)).toBeLessThan(Math.max(...bits) / 2);
    expect(bits.at(-1)).toBeGreaterThan(bits.at(-2));
  });

  it("shows the most frequent of very many actions, and says that it does", async () => {
    const routine = routineOf("many");
    const names = Array.from({ length: 600 }, (_, index) => `action-${index}`);
    await routine.run(["common", "common", "common"]);
    for (let from = 0; from < names.length; from += 100) {
      await routine.run(names.slice(from, from + 100));
    }
    const { body } = await routine.read();
    const { nodes, edges, is_cut } = body.graph;
    expect(is_cut).toBe(true);
    expect(nodes).toHaveLength(500);
    expect(nodes[0]).toMatchObject({ action: "common", count: 3 });
    const shown = new Set([null, ...nodes.map(({ action }: { action: string }) => action)]);
    for (const { from, to } of edges)
      expect([shown.has(from), shown.has(to)]).toEqual([true, true]);
    expect(body.baseline).toMatchObject({ steps: 603, actions: 601 });
  });

  it.each([
    "deploy/api",
    "mit Leerzeichen",
    "ünïcode 漢字 👩‍💻",
    "100%",
    "a%2Fb",
    "?query#hash",
    "a;b=c&d",
    "x/runs",
    "...",
    "__proto__",
    "-",
  ])("is found by its service, whatever that is called: %s", async (service) => {
    const routine = routineOf(service);
    const [step] = await routine.run(["look"]);
    for (const reply of [
      await routine.read(),
      await routine.set("mode", { mode: "locked" }),
      await routine.setSettings({ pause_after: 4 }),
    ]) {
      expect([reply.status, reply.body.service]).toEqual([200, service]);
    }
    expect((await routine.read("/runs")).body.data).toMatchObject([{ run_id: "run-1" }]);
    expect((await routine.read("/steps")).body.data).toMatchObject([{ id: step }]);
    expect((await routine.review(step ?? "", "usual")).body).toMatchObject({ id: step });
  });

  it("that is not there is said so, with what to do", async () => {
    await routineOf("known").run(["look"]);
    const replies = [
      await routineOf("unknown").read(),
      await routineOf("known", "staging").read(),
      await routineOf("unknown").read("/runs"),
      await routineOf("unknown").read("/steps"),
      await routineOf("unknown").set("mode", { mode: "locked" }),
      await routineOf("unknown").setSettings({}),
      await routineOf("unknown").review(typeidUnboxed("obs"), "usual"),
    ];
    for (const reply of replies) {
      expect([reply.status, codeOf(reply)]).toEqual([404, "RESOURCE_NOT_FOUND"]);
      expect(reply.body.detail).toContain("GET /v1/shield");
      expect(reply.body.detail).not.toContain("known");
    }
    const foreign = await world.call("GET", "/v1/shield/known", { as: "foreignAdmin" });
    expect(codeOf(foreign)).toBe("RESOURCE_NOT_FOUND");
  });

  it.each([
    ["/v1/shield/x?environment=", "?environment"],
    ["/v1/shield/x?limit=5", "?limit"],
    ["/v1/shield/%20", ":service"],
    [`/v1/shield/${"x".repeat(101)}`, ":service"],
    ["/v1/shield/a%E2%80%8Bb", ":service"],
    ["/v1/shield/x/runs?anomalous=perhaps", "?anomalous"],
    ["/v1/shield/x/steps?is_first=false", "?is_first"],
    ["/v1/shield/x/steps?is_first=true&after=a", "?is_first"],
  ])("is not asked for as %s", async (path, place) => {
    const reply = await world.call("GET", path, { as: "viewer" });
    expect(codeOf(reply)).toBe("VALIDATION_FAILED");
    expect(reply.body.issues[0].path).toBe(place);
  });
});

describe("[P-SHIELD-MODES] the mode of a profile", () => {
  it("is enforce only by an operator, and only once it is locked", async () => {
    const routine = routineOf("modes");
    await routine.run(["look"]);
    await routine.setSettings({ hold_one_in: 10 });
    const early = await routine.set("mode", { mode: "enforce" });
    expect([early.status, codeOf(early)]).toEqual([409, "SHIELD_NOT_LOCKED"]);
    expect(early.body.detail).toContain("of the 20 runs it takes, 1 have ended");
    expect((await routine.read()).body).toMatchObject({ mode: "shadow" });

    await routine.learn(30);
    const flat = await routine.set("mode", { mode: "enforce" });
    expect(codeOf(flat)).toBe("SHIELD_NOT_LOCKED");
    expect(flat.body.detail).toContain("31 have ended, and its surprise has flattened");

    expect((await routine.set("mode", { mode: "locked" })).body).toMatchObject({
      mode: "locked",
      changed_by: { type: "operator", id: world.adminId },
    });
    expect((await routine.set("mode", { mode: "enforce" })).body).toMatchObject({
      mode: "enforce",
    });
    expect((await routine.read()).body).toMatchObject({ mode: "enforce", locked_at_runs: 31 });
  });

  it("back in shadow learns anew, from where it stands", async () => {
    const routine = routineOf("anew");
    await routine.enforce();
    expect((await routine.set("mode", { mode: "shadow" })).body).toMatchObject({
      mode: "shadow",
      baseline: { runs: 24, runs_needed: 24 + 20, is_flat: false },
    });
    const reply = await routine.set("mode", { mode: "enforce" });
    expect(codeOf(reply)).toBe("SHIELD_NOT_LOCKED");
    expect(reply.body.detail).toContain("of the 20 runs it takes, 0 have ended");
    expect((await routine.read()).body).not.toHaveProperty("locked_at_runs");
  });

  it("leaves a receipt whenever it changes, and none otherwise", async () => {
    const routine = routineOf("receipts");
    await routine.run(["look"]);
    const { id } = (await routine.read()).body;
    expect(await changesOf(id)).toEqual([]);
    const locked = await routine.set("mode", { mode: "locked" });
    expect((await routine.set("mode", { mode: "locked" })).body).toEqual(locked.body);
    expect(await changesOf(id)).toMatchObject([
      { subject: { id }, actor: { type: "operator", id: world.adminId } },
    ]);
  });

  it("is set once, also by many at once", async () => {
    const routine = routineOf("race");
    await routine.run(["look"]);
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => routine.set("mode", { mode: "locked" })),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await changesOf(replies[0]?.body.id)).toHaveLength(1);
  });

  it("is one of three", async () => {
    const reply = await routineOf("modes").set("mode", { mode: "off" });
    expect([codeOf(reply), reply.body.issues[0].path]).toEqual(["VALIDATION_FAILED", "/mode"]);
  });
});

describe("the settings of a profile", () => {
  const RULES = {
    velocity: { max_per_minute: 60 },
    loop: { max_repeats: 5 },
    sensitive: { kinds: ["card_number", "iban"] },
    run_cost: { max_minor: 10_000, currency: "EUR" },
  };

  it("change where they are named, and rules all at once", async () => {
    const routine = routineOf("settings");
    await routine.run(["look"]);
    const settingsOf = ({ body }: Reply) => body.settings;
    const hold = await routine.setSettings({ hold_one_in: 50, rules: RULES });
    expect(settingsOf(hold)).toEqual({
      revision: 1,
      hold_one_in: 50,
      pause_after: 3,
      rules: RULES,
    });
    expect(hold.body.baseline.runs_needed).toBe(100);
    const pause = await routine.setSettings({ pause_after: 5 });
    expect(settingsOf(pause)).toEqual({
      revision: 2,
      hold_one_in: 50,
      pause_after: 5,
      rules: RULES,
    });
    const off = await routine.setSettings({ rules: { loop: { max_repeats: 2 } } });
    expect(settingsOf(off)).toMatchObject({ rules: { loop: { max_repeats: 2 } } });
    expect((await routine.read()).body.settings).toEqual(settingsOf(off));
    expect(off.body).toMatchObject({ changed_by: { id: world.adminId } });
    expect(await changesOf(off.body.id)).toHaveLength(3);
    await routine.setSettings({ pause_after: 5 });
    expect(await changesOf(off.body.id)).toHaveLength(3);
  });

  it("are made from those that stand, or not at all", async () => {
    const routine = routineOf("stale");
    await routine.run(["look"]);
    await routine.setSettings({ base_revision: 0, rules: RULES });
    for (const base_revision of [0, 2]) {
      const reply = await routine.setSettings({ base_revision, hold_one_in: 50 });
      expect([reply.status, codeOf(reply)]).toEqual([409, "REVISION_CONFLICT"]);
      expect(reply.body.detail).toContain("which is 1");
    }
    const { body } = await routine.read();
    expect(body.settings).toEqual({ revision: 1, hold_one_in: 100, pause_after: 3, rules: RULES });
    expect(await changesOf(body.id)).toMatchObject([{ subject: { id: body.id, revision: 1 } }]);
  });

  it("are kept by one of those who set others at once, and by all who set the same", async () => {
    const routine = routineOf("at-once");
    await routine.run(["look"]);
    const setAtOnce = (bodies: readonly object[]) =>
      Promise.all(bodies.map((body) => routine.set("settings", body)));
    const others = Array.from({ length: 8 }, (_, index) => ({
      base_revision: 0,
      hold_one_in: 20 + index,
    }));
    const replies = await setAtOnce(others);
    const set = replies.filter(({ status }) => status === 200);
    expect(set).toHaveLength(1);
    expect(replies.filter((reply) => codeOf(reply) === "REVISION_CONFLICT")).toHaveLength(7);
    const [won] = set;
    expect((await routine.read()).body.settings).toEqual(won?.body.settings);

    const same = await setAtOnce(Array(8).fill({ base_revision: 1, pause_after: 9 }));
    expect(same.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await routine.read()).body.settings).toMatchObject({ revision: 2, pause_after: 9 });
    expect(await changesOf(won?.body.id)).toHaveLength(2);
  });

  it("are not set without saying what was read", async () => {
    const reply = await routineOf("settings").set("settings", { pause_after: 4 });
    expect([codeOf(reply), reply.body.issues[0].path]).toEqual([
      "VALIDATION_FAILED",
      "/base_revision",
    ]);
  });

  it.each([
    [{ hold_one_in: 9 }, "/hold_one_in"],
    [{ hold_one_in: 501 }, "/hold_one_in"],
    [{ hold_one_in: 99.5 }, "/hold_one_in"],
    [{ pause_after: 1 }, "/pause_after"],
    [{ rules: { velocity: { max_per_minute: 0 } } }, "/rules/velocity/max_per_minute"],
    [{ rules: { sensitive: { kinds: [] } } }, "/rules/sensitive/kinds"],
    [{ rules: { sensitive: { kinds: ["gossip"] } } }, "/rules/sensitive/kinds/0"],
    [{ rules: { run_cost: { max_minor: 1, currency: "euro" } } }, "/rules/run_cost/currency"],
    [{ rules: { everything: true } }, "/rules/everything"],
    [{ mode: "enforce" }, "/mode"],
    [{ base_revision: -1 }, "/base_revision"],
    [{ base_revision: null }, "/base_revision"],
  ])("are not %j", async (body, path) => {
    const reply = await routineOf("settings").setSettings(body);
    expect([codeOf(reply), reply.body.issues[0].path]).toEqual(["VALIDATION_FAILED", path]);
  });
});

describe("the lists of a profile", () => {
  let routine: Routine;
  beforeAll(async () => {
    routine = routineOf("lists");
    await routine.enforce();
    await routine.run(["read_logs", "apply_terraform"], { runId: "strange" });
  });

  const steps = async (query: Record<string, string>): Promise<WireShieldStep[]> =>
    (await routine.read("/steps", query)).body.data;

  it("tell of runs, the latest first", async () => {
    const { body } = await routine.read("/runs", { limit: "2" });
    expect(body.data).toMatchObject([
      { run_id: "strange", steps: 2, anomalies: 1, is_paused: false, agent: { name: "db-agent" } },
      { run_id: "run-24", steps: 3, anomalies: 0 },
    ]);
    const next = await routine.read("/runs", { limit: "100", cursor: body.next_cursor });
    expect(next.body.data).toHaveLength(23);
    expect(next.body.next_cursor).toBeNull();
    const anomalous = await routine.read("/runs", { anomalous: "true" });
    expect(anomalous.body.data).toMatchObject([{ run_id: "strange" }]);
    const others = await routine.read("/runs", { agent_id: typeidUnboxed("agt") });
    expect(others.body.data).toEqual([]);
  });

  it("say which runs are paused, until a person approves a step of theirs", async () => {
    const paused = routineOf("paused");
    await paused.enforce();
    await paused.setSettings({ pause_after: 2 });
    const [jump = ""] = await paused.run(["wipe", "wipe_again"], { runId: "wild", ends: false });
    const newest = async () => (await paused.read("/runs", { limit: "1" })).body.data[0];
    expect(await newest()).toMatchObject({ run_id: "wild", anomalies: 2, is_paused: true });
    await paused.review(jump, "usual");
    expect(await newest()).toMatchObject({ run_id: "wild", anomalies: 2, is_paused: false });
  });

  it("tell of steps, newest first, each with its verdict", async () => {
    const [last, first] = await steps({ limit: "2" });
    expect(last).toMatchObject({
      action: "apply_terraform",
      run_id: "strange",
      ends_run: true,
      verdict: { mode: "enforce", anomalous: true, effect: "warned", after: "read_logs" },
    });
    expect(last?.verdict.explanation).toContain("apply_terraform has never been seen in 72 steps");
    expect(first).toMatchObject({ action: "read_logs", verdict: { anomalous: false } });
  });

  it("find the steps of a run, to an action, from one, at the beginning", async () => {
    const run_key = (await steps({ limit: "1" }))[0]?.run_key ?? "";
    expect(await steps({ run_key })).toHaveLength(2);
    expect(await steps({ action: "apply_terraform" })).toHaveLength(1);
    expect(await steps({ after: "read_logs", action: "apply_terraform" })).toHaveLength(1);
    expect(await steps({ after: "summarise", action: "apply_terraform" })).toEqual([]);
    expect(await steps({ is_first: "true", limit: "100" })).toHaveLength(25);
    expect(await steps({ anomalous: "true" })).toHaveLength(1);
    expect(await steps({ reviewed: "true" })).toEqual([]);
  });

  it("say what enforcing would have held, and what came of today", async () => {
    const { body } = await routine.read();
    expect(body).toMatchObject({
      last_24_hours: { steps: 74, anomalies: 1, held: 0 },
      would_have_held: {
        since: new Date(world.clock.now() - 7 * 86_400_000).toISOString(),
        steps: 74,
        anomalies: 1,
        requests: 0,
      },
    });
  });
});

describe("[P-SHIELD-TAUGHT] a review", () => {
  let routine: Routine;
  beforeAll(async () => {
    routine = routineOf("reviews");
    await routine.enforce();
  });

  it("teaches what is usual, said by who may decide", async () => {
    const [, jump = ""] = await routine.run(["read_logs", "restart"]);
    const edges = async () => (await routine.read()).body.graph.edges;
    const jumpIn = (found: { from: unknown; to: unknown }[]) =>
      found.find(({ from, to }) => from === "read_logs" && to === "restart");
    expect(jumpIn(await edges())).toBeUndefined();
    for (const as of ["viewer", "finance"] as const) {
      expect(codeOf(await routine.review(jump, "usual", as))).toBe("ROLE_REQUIRED");
    }
    const reply = await routine.review(jump, "usual");
    expect(reply.body).toMatchObject({
      id: jump,
      review: { answer: "usual", by: { type: "operator", name: "approver" } },
    });
    expect(jumpIn(await edges())).toMatchObject({ count: 1, approvals: 1 });
    const { body } = await routine.read("/steps", { reviewed: "true" });
    expect(body.data).toEqual([reply.body]);
  });

  it("is given once, and repeated by who gave it", async () => {
    const [, jump = ""] = await routine.run(["read_logs", "drop_table"]);
    const first = await routine.review(jump, "unusual");
    expect((await routine.review(jump, "unusual")).body).toEqual(first.body);
    for (const reply of [
      await routine.review(jump, "usual"),
      await routine.review(jump, "unusual", "admin"),
    ]) {
      expect([reply.status, codeOf(reply)]).toEqual([409, "RESOURCE_CONFLICT"]);
      expect(reply.body.detail).toContain("as unusual");
    }
  });

  it("is not for what people decide", async () => {
    const request = await ask({ service: "reviews", action: "wipe" });
    expect(request.status).toBe("PENDING");
    const pending = await routine.review(request.id, "usual");
    expect([pending.status, codeOf(pending)]).toEqual([409, "RESOURCE_CONFLICT"]);
    expect(pending.body.detail).toContain("POST /v1/requests/:id/decision");
    await world.decide(request.id, { decision: "approve", revision: 1 }, "approver");
    const decided = await routine.review(request.id, "usual");
    expect(codeOf(decided)).toBe("RESOURCE_CONFLICT");
    expect(decided.body.detail).toContain("a person has answered this request");
  });

  it("is for requests that nobody decided", async () => {
    const request = await ask({ service: "reviews", action: "wait", timeout_ms: 1_000 });
    world.clock.advance(1_000);
    expect((await routine.review(request.id, "unusual")).body).toMatchObject({
      id: request.id,
      review: { answer: "unusual" },
    });
  });

  it("is of a step of this service, in this environment", async () => {
    const [elsewhere = ""] = await routineOf("reviews", "staging").run(["read_logs"]);
    expect(codeOf(await routine.review(elsewhere, "usual"))).toBe("RESOURCE_NOT_FOUND");
    expect(codeOf(await routine.review(typeidUnboxed("obs"), "usual"))).toBe("RESOURCE_NOT_FOUND");
    const reply = await routine.review("obs_1", "usual");
    expect([codeOf(reply), reply.body.issues[0].path]).toEqual(["VALIDATION_FAILED", "/step_id"]);
  });
});

describe("[P-SHIELD-EXPLAINS] a verdict", () => {
  it("is with the request, in its history, its receipts and its webhooks", async () => {
    await using receiver = await Receiver.start();
    const endpoint = { url: receiver.url, event_types: ["shield.anomaly"] };
    const added = await world.call("POST", "/v1/webhook-endpoints", {
      as: "admin",
      body: endpoint,
    });
    expect(added.status).toBe(201);
    await routineOf("explained").enforce();
    await world.setPolicy("permit (principal, action, resource);");

    const usual = await ask({ service: "explained", action: "read_logs", run_id: "r" });
    expect(usual).toMatchObject({
      status: "APPROVED",
      shield: { anomalous: false, effect: "none", mode: "enforce" },
    });
    const jump = await ask({ service: "explained", action: "apply_terraform", run_id: "r" });
    expect(jump).toMatchObject({
      status: "PENDING",
      shield: { anomalous: true, signals: ["path"], effect: "held", after: "read_logs" },
    });
    const { shield } = jump;
    expect(shield?.one_in).toBeGreaterThanOrEqual(10);
    expect(shield?.explanation).toContain("apply_terraform has never been seen in 72 steps");

    const { body: history } = await world.call("GET", `/v1/requests/${jump.id}/events`, {
      as: "viewer",
    });
    expect(history.data.map(({ type }: { type: string }) => type)).toEqual([
      "request.created",
      "shield.anomaly",
    ]);
    for (const { type, receipt_id } of history.data) {
      expect(await verified(receipt_id)).toMatchObject({
        type,
        request_id: jump.id,
        shield: {
          anomalous: true,
          effect: "held",
          explanation: shield?.explanation,
          one_in: shield?.one_in,
          profile_id: shield?.profile_id,
          signals: ["path"],
          surprise_bits: shield?.surprise_bits,
        },
      });
    }

    const { event } = await receiver.next();
    expect(event).toMatchObject({
      type: "shield.anomaly",
      data: {
        event: { type: "shield.anomaly", actor: { type: "system", id: "shield" } },
        request: { id: jump.id, shield },
      },
    });
    expect(receiver.calls).toHaveLength(1);
  });
});
