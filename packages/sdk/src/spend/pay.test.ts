import { expect, test, vi } from "vitest";
import { Cipher } from "../encryption/cipher.js";
import { resolveOptions } from "../options.js";
import { API_KEY, BASE_URL, PROJECT_ID, REQUEST_ID, wirePurchase } from "../test-kit/fixtures.js";
import { scriptFetch } from "../test-kit/scripted-fetch.js";
import { bearerOf } from "../transport/authorizer.js";
import { startDeadline } from "../transport/deadline.js";
import { Transport } from "../transport/transport.js";
import { type ApprovedPurchase, payClaimed } from "./pay.js";
import { openPurchase } from "./view.js";

const execution = {
  id: "exe_01h455vb4pex5vsknk084sn02q",
  requestId: REQUEST_ID,
  status: "CLAIMED",
  fencingToken: 1,
  idempotent: false,
  claimedAt: new Date(),
  leaseExpiresAt: new Date(),
  reconciled: false,
} as const;
const failed = {
  id: execution.id,
  request_id: REQUEST_ID,
  status: "FAILED",
  fencing_token: 1,
  idempotent: false,
  claimed_at: "2026-11-22T09:31:00.000Z",
  lease_expires_at: "2026-11-22T09:32:00.000Z",
};

test("[G4] aborted between the claim and the payment, nothing is paid and that is recorded", async () => {
  const { calls, fetch } = scriptFetch(failed);
  const options = resolveOptions({ apiKey: API_KEY, baseUrl: BASE_URL, fetch });
  const cipher = new Cipher(PROJECT_ID, []);
  const transport = new Transport(options, bearerOf(API_KEY));
  const parts = { options, transport, cipher, settleObserved: () => undefined };
  const purchase = await openPurchase(wirePurchase("approved"), cipher);
  const reason = new Error("left");
  const run = {
    parts,
    execution,
    decision: {} as never,
    leaseMs: 60_000,
    left: startDeadline(60_000),
    signal: AbortSignal.abort(reason),
  };
  const pay = vi.fn();
  await expect(payClaimed(run, purchase as ApprovedPurchase, pay)).rejects.toBe(reason);
  expect(pay).not.toHaveBeenCalled();
  expect(calls.map(({ url }) => url.pathname)).toEqual([`/v1/executions/${execution.id}/fail`]);
});
