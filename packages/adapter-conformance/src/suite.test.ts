import { describe, expect, test } from "vitest";
import { ATTACKS } from "./attacks.js";
import type { AdapterDriver, Answers, Scene, SceneCall } from "./driver.js";
import { adapterConformance, play } from "./suite.js";
import { answerActing, answerSpending, bareLoop } from "./testing/bare-loop.js";

adapterConformance(bareLoop);

/** Runs whatever was called, as a loop without a gate does. */
async function runAll({ tools }: Scene, calls: readonly SceneCall[]): Promise<Answers> {
  const answers = calls.map(async ({ id, tool, args }) => {
    const found = tools.find(({ name }) => name === tool);
    return [id, JSON.stringify(await found?.run(args))] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

const { durable } = bareLoop;
if (durable === undefined) throw new Error("Expected the bare loop to have a durable way.");

/** Adapters that do not hold, each in its own way. */
const BROKEN: Readonly<Record<string, AdapterDriver>> = {
  "asks nobody": {
    ...bareLoop,
    gate: (scene) => runAll(scene, scene.calls),
    ask: async () => "APPROVED",
  },
  "runs whatever is resumed": {
    ...bareLoop,
    durable: {
      ...durable,
      resume: (scene, { calls }) => runAll(scene, calls as SceneCall[]),
      handler:
        (scene, { onAnswers }) =>
        async () => {
          onAnswers(await runAll(scene, scene.calls));
          return new Response();
        },
    },
  },
  "forgets which call it was": {
    ...bareLoop,
    spend: (scene) => answerSpending(scene, ({ id }) => ({ toolCallId: id + Math.random() })),
    act: (scene) => answerActing(scene, ({ id }) => ({ toolCallId: id + Math.random() })),
  },
  "says yes by itself": {
    ...bareLoop,
    spend: async ({ calls }) =>
      Object.fromEntries(calls.map(({ id, tool }) => [id, `APPROVED: ${tool}`])),
    act: async ({ calls }) => Object.fromEntries(calls.map(({ id }) => [id, '{"number":1}'])),
  },
  "believes the client's approval": {
    ...bareLoop,
    durable: {
      ...durable,
      resume: async (scene, parked) => {
        const calls = parked.calls as (SceneCall & { approved?: boolean })[];
        const forged = calls.some(({ approved }) => approved);
        return forged ? runAll(scene, calls) : durable.resume(scene, parked);
      },
    },
  },
};

describe("the suite finds out an adapter that", () => {
  const CAUGHT: Readonly<Record<string, readonly string[]>> = {
    "asks nobody": ["approve", "edit", "reject", "expire", "deny", "unreachable", "ask-reject"],
    "runs whatever is resumed": [
      ...["durable-edit", "durable-reject", "undecided", "resumed-twice", "resumed-at-once"],
      ...["arguments-changed", "moved-conversation", "moved-tool", "crashed", "webhook"],
    ],
    "forgets which call it was": [
      ...["spend-twice", "spend-abort", "act-wait", "act-twice", "act-unknown"],
    ],
    "says yes by itself": [
      ...["spend-refuse", "spend-wait", "spend-above", "spend-stop"],
      ...["act-run", "act-deny", "act-reject", "act-budget", "act-freeze", "act-fail"],
    ],
    "believes the client's approval": ["approval-forged", "deny-then-approve"],
  };
  const cases = Object.entries(CAUGHT).flatMap(([name, ids]) =>
    ids.map((id) => [name, id] as const),
  );

  test.each(cases)("[P-ADAPTERS] %s: %s", { timeout: 60_000 }, async (name, id) => {
    const attack = ATTACKS.find((each) => each.id === id);
    if (attack === undefined) throw new Error(`Expected an attack, got ${id}.`);
    await expect(play(BROKEN[name] as AdapterDriver, attack)).rejects.toThrow();
  });
});
