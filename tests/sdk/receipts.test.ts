import { ReceiptVerificationError } from "@holdpoint/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const KEY = "Q2xhcml0eSBiZWZvcmUgc3BlZWQsIGFsd2F5cyEhISE";
const refund = { service: "billing", action: "refund", payload: { amount: 12_500 } } as const;

let holdpoint: ServedControlPlane;
beforeAll(async () => {
  holdpoint = await serveControlPlane();
});
afterAll(() => holdpoint[Symbol.asyncDispose]());

async function readJson(path: string): Promise<unknown> {
  return (await holdpoint.operate(path)).json();
}

async function receiptIds(requestId: string): Promise<Record<string, string>> {
  const { data } = (await readJson(`/v1/requests/${requestId}/events`)) as {
    readonly data: readonly { readonly type: string; readonly receipt_id: string }[];
  };
  return Object.fromEntries(data.map(({ type, receipt_id }) => [type, receipt_id]));
}

async function approved(encryptionKey?: string) {
  const hp = holdpoint.client(encryptionKey === undefined ? {} : { encryptionKey });
  const { id } = await hp.defer(refund);
  const answer = hp.wait(id);
  const edit = encryptionKey === undefined ? { patched_payload: { amount: 5_000 } } : {};
  await holdpoint.decide(id, { decision: "approve", reason: "Half.", ...edit });
  return { hp, id, decision: await answer };
}

async function codeOf(verification: Promise<unknown>): Promise<unknown> {
  const error = await verification.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ReceiptVerificationError);
  return (error as ReceiptVerificationError).code;
}

describe("receipts of a real control plane", () => {
  test("[G7] a decision's receipt verifies offline, against the very decision", async () => {
    const { hp, decision } = await approved();
    const receipt = await hp.receipts.get(String(decision.receiptId));
    const keys = await readJson("/.well-known/jwks.json");
    const stranger = holdpoint.client({
      fetch: () => Promise.reject(new Error("offline")),
      baseUrl: "http://nowhere.test",
    });
    const verified = await stranger.receipts.verify(receipt, { keys, request: decision });
    expect(verified).toMatchObject({
      type: "request.approved",
      requestId: decision.id,
      actor: { type: "operator", id: holdpoint.operatorId, name: "Ada Lovelace" },
      status: "APPROVED_WITH_MODIFICATIONS",
      compared: ["payload", "approved payload", "reason"],
      notCompared: [],
    });
    const forged = { ...decision, patchedPayload: { amount: 5_001 } };
    expect(await codeOf(hp.receipts.verify(receipt, { request: forged }))).toBe(
      "RECEIPT_DIGEST_WRONG",
    );
  });

  test("[G7] a run's receipts tell its whole story, result included", async () => {
    const { hp, id, decision } = await approved();
    if (!decision.approved) throw new Error("It was approved.");
    const claimed = await hp.executions.claim(decision);
    const result = { refunded: 5_000 };
    await hp.executions.commit(claimed, result);
    const receipts = await receiptIds(id);
    expect(Object.keys(receipts).sort()).toEqual([
      "execution.claimed",
      "execution.committed",
      "request.approved",
      "request.created",
    ]);
    const places = new Set<number>();
    for (const receiptId of Object.values(receipts)) {
      const verified = await hp.receipts.verify(await hp.receipts.get(receiptId), {
        request: decision,
        execution: { id: claimed.id, result },
      });
      places.add(verified.log?.index ?? -1);
      expect(verified.compared).toContain("payload");
    }
    expect(places.size).toBe(4);
    const committed = await hp.receipts.get(String(receipts["execution.committed"]));
    const verified = await hp.receipts.verify(committed, { execution: { result } });
    expect(verified).toMatchObject({ compared: ["result"], execution: { id: claimed.id } });
    const lie = { execution: { result: { refunded: 5_001 } } };
    expect(await codeOf(hp.receipts.verify(committed, lie))).toBe("RECEIPT_DIGEST_WRONG");
  });

  test("[G7] of an encrypted request the envelopes are signed, and can be shown", async () => {
    const { hp, id, decision } = await approved(KEY);
    const receipt = await hp.receipts.get(String(decision.receiptId));
    const request = (await readJson(`/v1/requests/${id}`)) as object;
    const verified = await hp.receipts.verify(receipt, { request });
    expect(verified.compared).toEqual(["payload", "approved payload", "reason"]);
    expect(JSON.stringify(receipt)).not.toContain("12500");
  });

  test("[G7] rotated keys: what was signed before and after both verify", async () => {
    const { hp, decision: before } = await approved();
    const old = await hp.receipts.get(String(before.receiptId));
    expect((await hp.receipts.verify(old)).id).toBe(before.receiptId);
    const stale = await readJson("/.well-known/jwks.json");
    await holdpoint.plane.admin.rotateSigningKey("receipt");
    await holdpoint.plane.admin.rotateSigningKey("log");
    const { decision: after } = await approved();
    const fresh = await hp.receipts.get(String(after.receiptId));
    // This client remembers the old keys, and learns of the new ones by meeting them.
    expect((await hp.receipts.verify(fresh)).id).toBe(after.receiptId);
    expect((await hp.receipts.verify(old)).id).toBe(before.receiptId);
    expect(await codeOf(hp.receipts.verify(fresh, { keys: stale }))).toBe("RECEIPT_KEY_UNKNOWN");
  });

  test("[G7] another project's receipt is refused, though the same keys signed it", async () => {
    const { hp, decision } = await approved();
    const receipt = await hp.receipts.get(String(decision.receiptId));
    const body = JSON.stringify({ name: "Other" });
    const made = await holdpoint.operate("/v1/projects", { method: "POST", body });
    const { id: projectId } = (await made.json()) as { readonly id: string };
    const { apiKey } = await holdpoint.plane.admin.createApiKey(projectId, { agent: "other-bot" });
    const stranger = holdpoint.client({ apiKey });
    expect(await codeOf(stranger.receipts.verify(receipt))).toBe("RECEIPT_PROJECT_WRONG");
    await expect(stranger.receipts.get(receipt.id)).rejects.toMatchObject({
      code: "RECEIPT_NOT_FOUND",
    });
  });
});
