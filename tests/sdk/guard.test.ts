import type { WireRequest } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import {
  ApprovalRejectedError,
  ExecutionFailedError,
  type GuardContext,
  type GuardOptions,
  type Holdpoint,
  IdempotencyConflictError,
} from "@holdpoint/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const encryptionKey = Buffer.alloc(32, 7).toString("base64url");
const otherKey = Buffer.alloc(32, 8).toString("base64url");

interface Refund {
  readonly order: string;
  readonly amount: number;
}

type Decide = Parameters<ServedControlPlane["decide"]>[1];

let holdpoint: ServedControlPlane;
beforeAll(async () => {
  holdpoint = await serveControlPlane();
});
afterAll(() => holdpoint[Symbol.asyncDispose]());

/** A guarded refund, what it has done so far, and the requests somebody had to decide. */
function guardRefund(
  key: string,
  options: Partial<GuardOptions<Refund>> & {
    readonly hp?: Holdpoint;
    readonly decision?: Decide | ((count: number) => Decide);
    readonly run?: (args: Refund, context: GuardContext) => unknown;
  } = {},
) {
  const { hp = holdpoint.client(), decision = { decision: "approve" }, run, ...more } = options;
  const effects: { readonly args: Refund; readonly key: string }[] = [];
  const asked: string[] = [];
  const refund = hp.guard<Refund, unknown>(
    {
      service: "billing",
      action: "refund",
      key,
      onPending({ id }) {
        asked.push(id);
        void holdpoint.decide(
          id,
          typeof decision === "function" ? decision(asked.length) : decision,
        );
      },
      ...(more as object),
    },
    async (args, context) => {
      effects.push({ args, key: context.idempotencyKey });
      return run ? run(args, context) : { charge: `ch_${args.order}` };
    },
  );
  return { refund, effects, asked };
}

const args: Refund = { order: "A-1", amount: 500 };
const result = { charge: "ch_A-1" };

/** The network loses one call that `isLost` picks: before it arrives, or its answer. */
function losing(
  isLost: (path: string) => boolean,
  when: "before" | "after",
): { readonly fetch: typeof fetch; readonly lost: string[] } {
  const lost: string[] = [];
  return {
    lost,
    fetch: async (input, init) => {
      const path = new URL(String(input)).pathname;
      if (lost.length > 0 || !isLost(path)) return fetch(input, init);
      lost.push(path);
      if (when === "after") await (await fetch(input, init)).text();
      throw new TypeError("fetch failed");
    },
  };
}

describe("what runs", () => {
  test("[G2] once with what was approved; the result on record ever after, in any process", async () => {
    const first = guardRefund("once");
    expect(await first.refund(args)).toEqual(result);
    expect(await first.refund(args)).toEqual(result);
    const second = guardRefund("once");
    expect(await second.refund(args)).toEqual(result);
    expect(first.effects).toEqual([{ args, key: first.asked[0] }]);
    expect([...second.effects, ...second.asked]).toEqual([]);
  });

  test("[G2] the edited arguments, not the asked ones", async () => {
    const patched = { order: "A-1", amount: 50 };
    const { refund, effects } = guardRefund("edited", {
      decision: { decision: "approve", patched_payload: { ...patched } },
    });
    await refund(args);
    expect(effects.map((effect) => effect.args)).toEqual([patched]);
  });

  test("[G2] encrypted: the edit and the result are sealed, and nobody else reads them", async () => {
    const hp = holdpoint.client({ encryptionKey });
    const key = await importEnvelopeKey(encryptionKey);
    const effects: unknown[] = [];
    const refund = hp.guard(
      {
        service: "billing",
        action: "refund",
        runId: "run-7",
        toolCallId: "call-7",
        onPending({ id }) {
          const binding = {
            projectId: holdpoint.projectId,
            requestId: id,
            field: "patch",
          } as const;
          void sealEnvelope({ order: "A-1", amount: 5 }, binding, key).then((patch) =>
            holdpoint.decide(id, { decision: "approve", patched_payload: { ...patch } }),
          );
        },
      },
      async (approved: Refund) => {
        effects.push(approved);
        return { canary: "canary-8812" };
      },
    );
    expect(await refund(args)).toEqual({ canary: "canary-8812" });
    expect(await refund(args)).toEqual({ canary: "canary-8812" });
    expect(effects).toEqual([{ order: "A-1", amount: 5 }]);
    const { data } = await hp.requests.list({ runId: "run-7" });
    const executionId = data[0]?.execution.id as string;
    const seen = await (await holdpoint.operate(`/v1/executions/${executionId}`)).text();
    expect(seen).toContain("ciphertext");
    expect(seen).not.toContain("canary");
    expect(await hp.executions.get(executionId)).toMatchObject({
      status: "COMMITTED",
      result: { canary: "canary-8812" },
    });
    await expect(holdpoint.client().executions.get(executionId)).rejects.toMatchObject({
      code: "DECRYPTION_KEY_MISSING",
    });
  });

  test("[G2] after a key rotation the request under the older key is found", async () => {
    const before = guardRefund("rotated", { hp: holdpoint.client({ encryptionKey }) });
    await before.refund(args);
    const rotated = holdpoint.client({ encryptionKey: [otherKey, encryptionKey] });
    const after = guardRefund("rotated", { hp: rotated });
    expect(await after.refund(args)).toEqual(result);
    expect([...after.effects, ...after.asked]).toEqual([]);
  });

  test("[G2] fifty at once in one process: one effect, one result for all", async () => {
    let tell = (_id: string) => {};
    const pending = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const { refund, effects } = guardRefund("fifty", {
      onPending: ({ id }) => tell(id),
      // Long enough for the others to come upon it.
      run: () => new Promise((resolve) => setTimeout(() => resolve(result), 100)),
    });
    const all = Array.from({ length: 50 }, () => refund(args));
    const id = await pending;
    await holdpoint.decide(id, { decision: "approve" });
    expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, () => result));
    expect(effects).toHaveLength(1);
  });

  test("a run longer than its lease keeps it", async () => {
    const { refund, effects } = guardRefund("long", {
      leaseMs: 1_000,
      run: (_args, { signal }) =>
        new Promise((resolve) => setTimeout(() => resolve({ aborted: signal.aborted }), 2_500)),
    });
    expect(await refund(args)).toEqual({ aborted: false });
    expect(effects).toHaveLength(1);
  });

  test("what is no JSON is refused, but on record as run", async () => {
    const { refund, effects } = guardRefund("no json", { run: () => 10n });
    for (const attempt of [1, 2]) {
      await expect(refund(args), `attempt ${attempt}`).rejects.toMatchObject({
        code: "VALIDATION_FAILED",
      });
    }
    expect(effects).toHaveLength(1);
    const dated = guardRefund("date", { run: () => ({ at: new Date(0), no: undefined }) });
    expect(await dated.refund(args)).toEqual({ at: "1970-01-01T00:00:00.000Z" });
    const empty = guardRefund("empty", { run: () => undefined });
    expect(await empty.refund(args)).toBeUndefined();
    expect(await empty.refund(args)).toBeUndefined();
  });
});

describe("what does not run", () => {
  test("[G2] [G4] rejected: an error with the person's words, again and again", async () => {
    const { refund, effects, asked } = guardRefund("rejected", {
      decision: { decision: "reject", reason: "No receipt." },
    });
    for (const _ of [1, 2]) {
      const error = await refund(args).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ApprovalRejectedError);
      expect(error).toMatchObject({
        code: "APPROVAL_REJECTED",
        requestId: asked[0],
        decision: { status: "REJECTED", reason: "No receipt." },
      });
    }
    expect(asked).toHaveLength(1);
    expect(effects).toEqual([]);
  });

  test("[G2] [G4] expired", async () => {
    const { refund, effects } = guardRefund("expired", { timeoutMs: 1_000, onPending: () => {} });
    await expect(refund(args)).rejects.toMatchObject({ code: "APPROVAL_EXPIRED" });
    expect(effects).toEqual([]);
  });

  test("[G2] cancelled", async () => {
    const hp = holdpoint.client();
    const { refund, effects } = guardRefund("cancelled", {
      onPending: ({ id }) => void hp.requests.cancel(id),
    });
    await expect(refund(args)).rejects.toMatchObject({ code: "APPROVAL_CANCELLED" });
    expect(effects).toEqual([]);
  });

  test("[G2] approved after it was rejected, or rejected after it was approved: the first answer", async () => {
    for (const [first, second, runs] of [
      ["reject", "approve", 0],
      ["approve", "reject", 1],
    ] as const) {
      const { refund, effects, asked } = guardRefund(`${second} after ${first}`, {
        decision: { decision: first },
      });
      await refund(args).catch(() => {});
      await expect(
        holdpoint.decide(asked[0] as string, { decision: second }),
      ).rejects.toMatchObject({ problem: { code: "ALREADY_DECIDED" } });
      await refund(args).catch(() => {});
      expect(effects).toHaveLength(runs);
    }
  });

  test("[G2] the same key with other arguments", async () => {
    const { refund, effects } = guardRefund("other body");
    await refund(args);
    const error = await refund({ ...args, amount: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IdempotencyConflictError);
    expect(error).toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
    const encrypted = guardRefund("other body", { hp: holdpoint.client({ encryptionKey }) });
    await encrypted.refund(args);
    await expect(encrypted.refund({ ...args, amount: 1 })).rejects.toBeInstanceOf(
      IdempotencyConflictError,
    );
    expect([...effects, ...encrypted.effects]).toHaveLength(2);
  });

  test("[G2] a second time what has failed; the first caller gets the error itself", async () => {
    const failure = Object.assign(new RangeError("The account is closed."), { code: "CLOSED" });
    const { refund, effects } = guardRefund("failed", { run: () => Promise.reject(failure) });
    await expect(refund(args)).rejects.toBe(failure);
    const again = await refund(args).catch((thrown: unknown) => thrown);
    expect(again).toBeInstanceOf(ExecutionFailedError);
    expect(again).toMatchObject({
      code: "EXECUTION_FAILED",
      recorded: { name: "RangeError", message: "The account is closed.", code: "CLOSED" },
    });
    expect(effects).toHaveLength(1);
  });

  test("anything without a run and a tool call, or a key", async () => {
    const hp = holdpoint.client();
    const guarded = hp.guard({ service: "billing", action: "refund" }, async () => 1);
    for (const call of [{}, { runId: "r" }, { toolCallId: "c" }, { key: "" }]) {
      await expect(guarded(args, call)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    }
  });
});

describe("lost answers", () => {
  const calls: readonly [string, (path: string) => boolean][] = [
    ["creation", (path) => path === "/v1/requests"],
    ["claim", (path) => path.endsWith("/executions")],
    ["commit", (path) => path.endsWith("/commit")],
  ];
  const table = calls.flatMap(([name, isLost]) =>
    (["before", "after"] as const).map((when) => [name, when, isLost] as const),
  );

  test.each(table)(
    "[G2] the %s lost %s it took effect: one effect, the true outcome",
    async (name, when, isLost) => {
      for (const key of [undefined, encryptionKey]) {
        // No retries of the transport itself: what is left is what the guard does.
        const { fetch: lossy, lost } = losing(isLost, when);
        const maxRetries = name === "creation" ? 1 : 0;
        const hp = holdpoint.client({
          fetch: lossy,
          maxRetries,
          ...(key === undefined ? {} : { encryptionKey: key }),
        });
        const { refund, effects } = guardRefund(`${name} lost ${when}`, { hp });
        expect(await refund(args)).toEqual(result);
        expect(await refund(args)).toEqual(result);
        expect(lost).toHaveLength(1);
        expect(effects).toHaveLength(1);
      }
    },
  );

  test("[G2] a lease lost while it runs: its signal aborts, and what it did is reported late", async () => {
    let isCut = false;
    const cutFetch: typeof fetch = async (input, init) => {
      if (isCut && String(input).includes("/v1/executions/")) throw new TypeError("fetch failed");
      return fetch(input, init);
    };
    const hp = holdpoint.client({ fetch: cutFetch, maxRetries: 0 });
    const { refund, asked } = guardRefund("lease lost", {
      hp,
      leaseMs: 1_000,
      async run(_args, { signal, execution }) {
        isCut = true;
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        const known = await holdpoint.client().executions.get(execution.id, { waitMs: 5_000 });
        isCut = false;
        return { status: known.status };
      },
    });
    expect(await refund(args)).toEqual({ status: "OUTCOME_UNKNOWN" });
    const { execution } = await hp.requests.get(asked[0] as string);
    expect(await hp.executions.get(execution.id as string)).toMatchObject({
      status: "COMMITTED",
      reconciled: true,
      evidence: { reported_by: "holder", fencing_token: 1 },
    });
    expect(await refund(args)).toEqual({ status: "OUTCOME_UNKNOWN" });
  });
});

describe("[P-WITNESS] a witness", () => {
  /** The request with its payload, as the control plane shows it to an operator. */
  const load = async (id: string) =>
    (await (await holdpoint.operate(`/v1/requests/${id}`)).json()) as WireRequest;

  test("[G2] the same before and after: it runs", async () => {
    const { refund, effects, asked } = guardRefund("witness same", {
      witness: () => ({ balance: 900 }),
    });
    await refund(args);
    expect(effects).toHaveLength(1);
    const digest = (await load(asked[0] as string)).witness_digest;
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test.each([
    ["in clear", undefined],
    ["encrypted", encryptionKey],
  ])(
    "[G2] moved (%s): nothing runs, and it is asked again with what changed",
    async (name, key) => {
      const hp = holdpoint.client(key === undefined ? {} : { encryptionKey: key });
      let balance = 900;
      const options = {
        hp,
        witness: () => ({ balance }),
        decision: (count: number): Decide => {
          if (count === 1) balance = 100;
          return { decision: "approve" };
        },
      };
      const first = guardRefund(`witness moved ${name}`, options);
      expect(await first.refund(args)).toEqual(result);
      const [before, after] = first.asked as [string, string];
      expect(first.effects).toEqual([{ args, key: after }]);
      const { execution } = await load(before);
      expect(await hp.executions.get(execution.id as string)).toMatchObject({
        status: "FAILED",
        error: { code: "WITNESS_CHANGED" },
      });
      const again = await load(after);
      expect(again.parent_request_id).toBe(before);
      if (key === undefined) {
        expect(again.witness_change).toEqual({
          summary: "Changed /balance from 900 to 100.",
          changes: [{ path: "/balance", from: 900, to: 100 }],
        });
      } else {
        expect(JSON.stringify(again)).not.toContain("balance");
      }
      // Another process goes the same way, and finds the end of it.
      const second = guardRefund(`witness moved ${name}`, { hp, witness: () => ({ balance: 7 }) });
      expect(await second.refund(args)).toEqual(result);
      expect([...second.effects, ...second.asked]).toEqual([]);
    },
  );

  test("[G2] the error of a run cannot pass for a witness that moved", async () => {
    const forged = Object.assign(new Error("moved"), {
      code: "WITNESS_CHANGED",
      "holdpoint.called_off": true,
    });
    const { refund, effects, asked } = guardRefund("forged", {
      witness: () => 1,
      run: () => Promise.reject(forged),
    });
    await expect(refund(args)).rejects.toBe(forged);
    await expect(refund(args)).rejects.toMatchObject({ code: "EXECUTION_FAILED" });
    expect(effects).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });
});

describe("a key on ask and defer", () => {
  const ask = { service: "billing", action: "refund", payload: { amount: 1 } };

  test("[S-ONCE] finds the same request from any client, and refuses another under it", async () => {
    const { id } = await holdpoint.client().defer({ ...ask, idempotencyKey: "order-1" });
    expect(await holdpoint.client().defer({ ...ask, idempotencyKey: "order-1" })).toMatchObject({
      id,
    });
    // A label that changed with the program does not make it another request.
    const relabelled = { ...ask, idempotencyKey: "order-1", metadata: { release: 2 } };
    expect(await holdpoint.client().defer(relabelled)).toMatchObject({ id });
    await expect(
      holdpoint.client().defer({ ...ask, payload: { amount: 2 }, idempotencyKey: "order-1" }),
    ).rejects.toBeInstanceOf(IdempotencyConflictError);
    for (const other of [
      { ...ask, idempotencyKey: "order-2" },
      { ...ask, action: "payout", idempotencyKey: "order-1" },
      { ...ask, environment: "staging", idempotencyKey: "order-1" },
    ]) {
      expect((await holdpoint.client().defer(other)).id).not.toBe(id);
    }
  });

  test("[G6] with an encryption key the id tells nothing of what it stands for", async () => {
    const plain = await holdpoint.client().defer({ ...ask, idempotencyKey: "order-9" });
    const sealed = await holdpoint
      .client({ encryptionKey })
      .defer({ ...ask, idempotencyKey: "order-9" });
    const other = await holdpoint
      .client({ encryptionKey: otherKey })
      .defer({ ...ask, idempotencyKey: "order-9" });
    expect(new Set([plain.id, sealed.id, other.id]).size).toBe(3);
  });
});
