import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Child, startChild } from "../harness/child.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createEffects } from "../harness/effects.js";
import type { DeathAt, GuardedAgent } from "../harness/guarded.js";

const args = { order: "A-1", amount: 500 };
const encryptionKey = Buffer.alloc(32, 9).toString("base64url");

let holdpoint: ServedControlPlane;
beforeAll(async () => {
  holdpoint = await serveControlPlane();
});
afterAll(() => holdpoint[Symbol.asyncDispose]());

function start(agent: GuardedAgent, encrypted = false): Child {
  const environment = {
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_URL: holdpoint.url,
    ...(encrypted && { HOLDPOINT_ENCRYPTION_KEY: encryptionKey }),
  };
  return startChild("harness/guarded.ts", environment, [JSON.stringify(agent)]);
}

/** The next line that is no notice of a pending request. */
async function nextOutcome(child: Child): Promise<unknown> {
  for (;;) {
    const line = JSON.parse(await child.nextLine()) as { readonly pending?: string };
    if (line.pending === undefined) return line;
  }
}

async function nextPending(child: Child): Promise<string> {
  const { pending } = JSON.parse(await child.nextLine()) as { readonly pending: string };
  return pending;
}

const done = { result: { refunded: 500 } };
const unknown = { error: { name: "OutcomeUnknownError", code: "OUTCOME_UNKNOWN" } };

describe("a process killed on the way, and started again", () => {
  const table: readonly [DeathAt, boolean, number, object][] = [
    ["before claim", false, 1, done],
    ["after claim", false, 0, unknown],
    ["after the effect", false, 1, unknown],
    ["before settle", false, 1, unknown],
    ["after settle", false, 1, done],
    ["after claim", true, 1, done],
    ["after the effect", true, 2, done],
    ["before settle", true, 2, done],
  ];

  test.each(table)(
    "[G2] killed %s (idempotent: %s): %i runs, and the true outcome",
    async (dieAt, idempotent, runs, outcome) => {
      await using effects = await createEffects();
      const toolCallId = `${dieAt} ${idempotent}`;
      const agent = { effects: effects.path, args, toolCallId, idempotent };
      await using first = start({ ...agent, dieAt }, dieAt === "before settle");
      const id = await nextPending(first);
      await holdpoint.decide(id, { decision: "approve" });
      expect(await first.ended).toBe("SIGKILL");

      await using second = start(agent, dieAt === "before settle");
      expect(await nextOutcome(second)).toMatchObject(outcome);
      const ran = await effects.read();
      expect(ran).toHaveLength(runs);
      // What may run twice does so under one key, so that whoever takes the key sees one.
      expect(ran.every(({ idempotencyKey }) => idempotencyKey === id)).toBe(true);
      await using third = start(agent, dieAt === "before settle");
      expect(await nextOutcome(third)).toMatchObject(outcome);
      expect(await effects.read()).toHaveLength(runs);
    },
  );

  test("[G2] killed while it waits: another process finds the request and runs it once", async () => {
    await using effects = await createEffects();
    const agent = { effects: effects.path, args, toolCallId: "killed while waiting" };
    const first = start(agent, true);
    const id = await nextPending(first);
    await first[Symbol.asyncDispose]();
    await holdpoint.decide(id, { decision: "approve" });
    await using second = start(agent, true);
    expect(await nextOutcome(second)).toEqual(done);
    expect(await effects.read()).toEqual([{ args, idempotencyKey: id }]);
  });
});

test("[G2] fifty resumes at once, in five processes, have one effect and one result", async () => {
  await using effects = await createEffects();
  const agent = { effects: effects.path, args, toolCallId: "fifty", calls: 10 };
  const children = Array.from({ length: 5 }, () => start(agent));
  try {
    const ids = await Promise.all(children.map(nextPending));
    expect(new Set(ids).size).toBe(1);
    await holdpoint.decide(ids[0] as string, { decision: "approve" });
    const outcomes = await Promise.all(
      children.map(async (child) => {
        const ten: unknown[] = [];
        while (ten.length < 10) ten.push(await nextOutcome(child));
        return ten;
      }),
    );
    expect(outcomes.flat()).toEqual(Array.from({ length: 50 }, () => done));
    expect(await effects.read()).toHaveLength(1);
  } finally {
    for (const child of children) await child[Symbol.asyncDispose]();
  }
});
