import { afterAll, beforeAll, expect, test } from "vitest";
import { type Child, startChild } from "../harness/child.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createEffects } from "../harness/effects.js";
import type { DeathAt, PayingAgent } from "../harness/paying.js";

const encryptionKey = Buffer.alloc(32, 9).toString("base64url");

let holdpoint: ServedControlPlane;
beforeAll(async () => {
  holdpoint = await serveControlPlane();
});
afterAll(() => holdpoint[Symbol.asyncDispose]());

function start(agent: PayingAgent, encrypted: boolean): Child {
  const environment = {
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_URL: holdpoint.url,
    ...(encrypted && { HOLDPOINT_ENCRYPTION_KEY: encryptionKey }),
  };
  return startChild("harness/paying.ts", environment, [JSON.stringify(agent)]);
}

/** The last line; whoever has to decide is told on the way, and approves. */
async function outcomeOf(child: Child): Promise<unknown> {
  for (;;) {
    const line = JSON.parse(await child.nextLine()) as { readonly pending?: string };
    if (line.pending === undefined) return line;
    await holdpoint.decide(line.pending, { decision: "approve" });
  }
}

const paid = {
  paid: { status: "completed", actualAmount: "11.99", result: { charge: "ch_1" } },
};
const unknown = { error: { name: "OutcomeUnknownError", code: "OUTCOME_UNKNOWN" } };

const table: readonly [DeathAt, boolean, number, object][] = [
  ["before reserving", false, 1, paid],
  ["after reserving", false, 1, paid],
  ["before claim", false, 1, paid],
  ["after claim", false, 0, unknown],
  ["after paying", false, 1, unknown],
  ["before record", false, 1, unknown],
  ["after record", false, 1, paid],
  ["before confirm", false, 1, paid],
  ["after confirm", false, 1, paid],
  ["after claim", true, 1, paid],
  ["after paying", true, 2, paid],
  ["before record", true, 2, paid],
];

test.each(table)(
  "[G2] killed %s (idempotent: %s): %i payments, and the true outcome",
  async (dieAt, idempotent, payments, outcome) => {
    await using effects = await createEffects();
    const agent = { effects: effects.path, order: `${dieAt} ${idempotent}`, idempotent };
    const encrypted = dieAt === "after record";
    await using first = start({ ...agent, dieAt }, encrypted);
    // What it prints before it dies, if anything, is a question for a person.
    void outcomeOf(first).catch(() => {});
    expect(await first.ended).toBe("SIGKILL");

    for (const _ of ["started again", "and again"]) {
      await using again = start(agent, encrypted);
      expect(await outcomeOf(again)).toEqual(outcome);
      const made = await effects.read();
      expect(made).toHaveLength(payments);
      // What may be paid twice is so under one key, so that a provider who takes it sees one.
      expect(new Set(made.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(payments && 1);
    }
  },
  60_000,
);

test("[P-SPEND-UNKNOWN] killed between paying and confirming: held until somebody looks", async () => {
  await using effects = await createEffects();
  const agent = { effects: effects.path, order: "held" };
  await using first = start({ ...agent, dieAt: "after paying" }, false);
  void outcomeOf(first).catch(() => {});
  expect(await first.ended).toBe("SIGKILL");
  await using second = start(agent, false);
  expect(await outcomeOf(second)).toEqual(unknown);

  const { spend, executions, requests } = holdpoint.client();
  const [payment] = await effects.read();
  const requestId = payment?.idempotencyKey as string;
  expect(await spend.get(requestId)).toMatchObject({ status: "approved", hold: "HELD" });
  // The provider knows the payment by its key, and what was paid.
  const { execution } = await requests.get(requestId);
  const evidence = { charge: "ch_1" };
  await executions.reconcile(
    { id: execution.id as string, requestId },
    { outcome: "committed", evidence },
  );
  await spend.confirm(requestId, { success: true, actualAmount: "11.99" });
  expect(await spend.get(requestId)).toMatchObject({ hold: "SETTLED", actualAmount: "11.99" });
}, 60_000);
