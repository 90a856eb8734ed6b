import { expect } from "vitest";
import { type ActWorld, HOSTILE } from "./act-world.js";
import type { AdapterDriver, Answers, Scene, SceneCall } from "./driver.js";
import { expectEffects, expectRefusal } from "./expect.js";
import { receiptOf, TRANSFER } from "./world.js";

/** Plays one attack, and says by throwing that the adapter did not stand it. */
export type ActPlay = (driver: AdapterDriver, world: ActWorld) => Promise<void>;

export const actAttacks = {
  async "act-run"(driver, world) {
    expect(await say(driver, world, open("Printer"))).toContain('"number":1');
    expect(world.tickets).toEqual(["Printer"]);
    expect(await world.pending()).toEqual([]);
  },

  async "act-deny"(driver, world) {
    const answer = await say(driver, world, open("FORBIDDEN"));
    expect(answer).toMatch(/^STOP: the policy does not allow open-ticket/);
    expectRefusal(answer);
    expect(world.tickets).toEqual([]);
    expect(await world.pending()).toEqual([]);
  },

  async "act-hold"(driver, world) {
    const scene = world.scene([open("URGENT: fire")]);
    const conversation = driver.act(scene);
    const id = await question(world, conversation);
    expect(world.tickets).toEqual([]);
    await world.decide(id, { decision: "approve" });
    const { call_1 } = await conversation;
    expect(call_1).toContain('"title":"URGENT: fire"');
    // The framework has lost the answer, and makes the call again.
    expect((await driver.act(scene)).call_1).toBe(call_1);
    expect(world.tickets).toEqual(["URGENT: fire"]);
    expect(await world.pending()).toEqual([]);
  },

  async "act-wait"(driver, world) {
    const scene = world.scene([open("URGENT: fire")], { waitMs: 0 });
    const { call_1: asked = "" } = await driver.act(scene);
    const [request] = await world.pending();
    const id = request?.id as string;
    expect(asked).toMatch(/^WAIT: a person has to decide on open-ticket first\. It has not run\./);
    expect(asked).toContain(`/requests/${id}`);
    await world.decide(id, { decision: "approve" });
    expect(world.tickets).toEqual([]);
    expect((await driver.act(scene)).call_1).toContain('"title":"URGENT: fire"');
    expect((await driver.act(scene)).call_1).toContain('"title":"URGENT: fire"');
    expect(world.tickets).toEqual(["URGENT: fire"]);
  },

  async "act-reject"(driver, world) {
    const conversation = driver.act(world.scene([open("URGENT: fire")]));
    const id = await question(world, conversation);
    await world.decide(id, { decision: "reject", reason: "Not on a Friday." });
    const { call_1 } = await conversation;
    expect(call_1).toMatch(/^STOP: /);
    expectRefusal(call_1, "Not on a Friday.");
    expect(world.tickets).toEqual([]);
  },

  async "act-edit"(driver, world) {
    const conversation = driver.act(world.scene([open("URGENT: fire")]));
    const id = await question(world, conversation);
    const patched_payload = { title: "Smoke" };
    await world.decide(id, { decision: "approve", patched_payload });
    expect((await conversation).call_1).toContain('"title":"Smoke"');
    expect(world.tickets).toEqual(["Smoke"]);
  },

  async "act-beside"(driver, world) {
    const conversation = driver.act(world.scene([TRANSFER, open("Printer", "call_2")]));
    // A framework may run one call after the other: what is asked about is the tool, first or last.
    const id = await question(world, conversation);
    expect(await world.pending()).toMatchObject([{ action: "transfer" }]);
    await world.decide(id, { decision: "approve" });
    const answers = await conversation;
    expect(answers[TRANSFER.id]).toContain(receiptOf(TRANSFER.args));
    expect(answers.call_2).toContain('"title":"Printer"');
    expectEffects(world, TRANSFER);
    expect(world.tickets).toEqual(["Printer"]);
    expect(await world.pending()).toEqual([]);
  },

  async "act-twice"(driver, world) {
    const runId = "conversation-of-tickets";
    const scene = world.scene([open("Printer")], { runId });
    const [one, other] = await Promise.all([driver.act(scene), driver.act(scene)]);
    expect(one.call_1).toContain('"number":1');
    expect(other.call_1).toBe(one.call_1);
    const { call_1 } = await driver.act(world.scene([open("Scanner")], { runId }));
    expect(call_1).toMatch(/^ERROR: [\s\S]*\(IDEMPOTENCY_CONFLICT\)/);
    expect(world.tickets).toEqual(["Printer"]);
  },

  async "act-budget"(driver, world) {
    const holdpoint = world.client();
    await holdpoint.gate.connect({ maxCalls: 1 });
    expect(await say(driver, world, open("Printer"), { holdpoint })).toContain('"number":1');
    const answer = await say(driver, world, open("Scanner"), { holdpoint });
    expect(answer).toMatch(/^STOP: there is no budget left for open-ticket/);
    expect(world.tickets).toEqual(["Printer"]);
  },

  async "act-freeze"(driver, world) {
    const conversation = driver.act(world.scene([open("URGENT: fire")]));
    const id = await question(world, conversation);
    await world.freeze();
    await world.decide(id, { decision: "approve" });
    expect((await conversation).call_1).toMatch(/^STOP: a person has stopped everything/);
    expect(world.tickets).toEqual([]);
  },

  async "act-fail"(driver, world) {
    const answer = await say(driver, world, open("REFUSE"));
    expect(answer).toMatch(/^FAILED: [\s\S]*404[\s\S]*\(refused_by_service\)/);
    expect(world.tickets).toEqual(["REFUSE"]);
  },

  async "act-unknown"(driver, world) {
    const scene = world.scene([open("BREAK")]);
    for (const _ of ["made", "made again"]) {
      const { call_1 } = await driver.act(scene);
      expect(call_1).toMatch(/^UNKNOWN: open-ticket was begun[\s\S]*Do not call it again/);
    }
    expect(world.tickets).toEqual(["BREAK"]);
  },

  async "act-schema"(driver, world) {
    const inputs = [{}, { title: 7 }, { title: "" }, { title: null }, { title: "Hi", port: 22 }];
    const calls = inputs.map((args, index) => ({ ...open("", `call_${index}`), args }));
    const answers = await driver.act(world.scene(calls));
    // What does not fit the schema some frameworks tell in their own words.
    for (const { id } of calls) expect(answers[id]).toMatch(/^error\b/i);
    expect(world.tickets).toEqual([]);
    expect(await world.pending()).toEqual([]);
  },

  async "act-secret"(driver, world) {
    const titles = ["Printer", "FORBIDDEN", "REFUSE", "BREAK", "URGENT: fire"];
    const calls = titles.map((title, index) => open(title, `call_${index}`));
    const answers = await driver.act(world.scene(calls, { waitMs: 0 }));
    for (const { id } of calls) expect(answers[id]).not.toBe("");
    const told = Object.values(answers).join("\n");
    expect(told).toContain("[redacted]");
    expect(told).not.toContain(world.secret);
    expect(told).not.toMatch(/\b(rcp|exe|gss|lse|agt|hp)_/);
    // The link for the user names what is decided there; nothing else does.
    expect(told.replace(/\/requests\/req_\w+/g, "")).not.toContain("req_");
  },

  async "act-hostile"(driver, world) {
    const answer = await say(driver, world, { ...open("Note"), tool: "leave-note" });
    expect(answer).toContain('"title":"Note"');
    expect(answer).not.toMatch(/tool_result|<system>|javascript:/);
    expect(answer).not.toContain(HOSTILE);
    expect(world.tickets).toEqual(["Note"]);
  },

  async "act-unreachable"(driver, world) {
    const fetch: typeof globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      const isRun = request.method === "POST" && request.url.endsWith("/execute");
      return isRun ? Promise.reject(new TypeError("fetch failed")) : world.fetch(request);
    };
    const holdpoint = world.client({ fetch, maxRetries: 0 });
    const answer = await say(driver, world, open("Printer"), { holdpoint });
    expect(answer).toMatch(/^UNKNOWN: [\s\S]*Do not call it again/);
    expect(world.tickets).toEqual([]);
  },
} as const satisfies Record<string, ActPlay>;

/** How long a conversation may take to come to its question on a busy machine. */
const SOON = { timeout: 30_000 };

function open(title: string, id = "call_1"): SceneCall {
  return { id, tool: "open-ticket", args: { title } };
}

/** What the model is given for its one call. */
async function say(
  driver: AdapterDriver,
  world: ActWorld,
  made: SceneCall,
  overrides?: Partial<Scene>,
): Promise<string> {
  const answers: Answers = await driver.act(world.scene([made], overrides));
  return answers[made.id] ?? "";
}

/** The one thing that waits for a person, once it does. @throws when the conversation ends first. */
async function question(world: ActWorld, conversation: Promise<Answers>): Promise<string> {
  const ended = conversation.then((answers) => {
    throw new Error(`Expected a question, got an answer: ${JSON.stringify(answers)}`);
  });
  const asked = expect.poll(() => world.pending(), SOON).toHaveLength(1);
  await Promise.race([asked, ended]);
  const [request] = await world.pending();
  return request?.id as string;
}
