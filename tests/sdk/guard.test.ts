import type { JsonValue } from "@holdpoint/protocol";
import {
  ApprovalRejectedError,
  ExecutionFailedError,
  type GuardOptions,
  IdempotencyConflictError,
  OutcomeUnknownError,
} from "@holdpoint/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const encryptionKey = Buffer.alloc(32, 7).toString("base64url");

interface Refund {
  readonly order: string;
  readonly amount: number;
}

const billing = { service: "billing", action: "refund" } as const;

describe("a guarded function", () => {
  let holdpoint: ServedControlPlane;
  beforeAll(async () => {
    holdpoint = await serveControlPlane();
  });
  afterAll(() => holdpoint[Symbol.asyncDispose]());

  /** Approves whatever is asked, unless told otherwise. */
  const deciding =
    (decision: Parameters<ServedControlPlane["decide"]>[1] = { decision: "approve" }) =>
    ({ id }: { readonly id: string }) =>
      void holdpoint.decide(id, decision);

  test("runs once with what was approved, and gives the recorded result ever after", async () => {
    const effects: Refund[] = [];
    const refund = (hp = holdpoint.client()) =>
      hp.guard({ ...billing, key: "once", onPending: deciding() }, async (args: Refund) => {
        effects.push(args);
        return { charge: `ch_${args.order}` };
      });
    const args = { order: "A-1", amount: 500 };
    expect(await refund()(args)).toEqual({ charge: "ch_A-1" });
    expect(await refund()(args)).toEqual({ charge: "ch_A-1" });
    expect(effects).toEqual([args]);
  });
});
