import type { WireRequest } from "@holdpoint/protocol";
import { describe, expect, test, vi } from "vitest";
import { Cipher } from "../encryption/cipher.js";
import { Holdpoint } from "../holdpoint.js";
import {
  API_KEY,
  BASE_URL,
  decidedRequest,
  KEY,
  PROJECT_ID,
  problem,
  REQUEST_ID,
  wirePurchase,
} from "../test-kit/fixtures.js";
import { type SentCall, scriptFetch } from "../test-kit/scripted-fetch.js";

const asked = { id: REQUEST_ID, amount: "12.50", currency: "EUR", category: "cloud" } as const;
const payload = { amount: "12.50", currency: "EUR", category: "cloud" };
const request = (more: Partial<WireRequest> = {}) =>
  decidedRequest("APPROVED", { service: "spend", action: "purchase", payload, ...more });

/** Guards a payment against a control plane that answers one purchase and one request. */
function guard(answers: { readonly purchase?: object; readonly request?: object }, options = {}) {
  const { purchase = wirePurchase("approved"), request: asRequest = request() } = answers;
  const { calls, fetch } = scriptFetch(({ url }: SentCall) => {
    if (url.pathname === "/v1/purchases") return Response.json(purchase);
    if (url.pathname === `/v1/requests/${REQUEST_ID}`) return Response.json(asRequest);
    return problem(409, "GRANT_EXPIRED");
  });
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  const pay = vi.fn(() => ({ actualAmount: "12.50" }));
  const paths = () => calls.map(({ method, url }) => `${method} ${url.pathname}`);
  return { paid: hp.spend.guard(asked, pay), pay, paths };
}

const claimed = `POST /v1/requests/${REQUEST_ID}/executions`;

describe("[G4] an approval that is none pays nothing, and claims nothing", () => {
  test.each<[string, object, string]>([
    [
      "the request was approved for another amount",
      request({ payload: { ...payload, amount: "99" } }),
      "RESPONSE_INVALID",
    ],
    [
      "for an amount in another currency",
      request({ payload: { ...payload, currency: "JPY" } }),
      "RESPONSE_INVALID",
    ],
    ["for no amount", request({ payload: "12.50 EUR" }), "RESPONSE_INVALID"],
    [
      "the edit is for more than the purchase says",
      {
        ...request({ patched_payload: { ...payload, amount: "12.51" } }),
        status: "APPROVED_WITH_MODIFICATIONS",
      },
      "RESPONSE_INVALID",
    ],
    ["the request was rejected", decidedRequest("REJECTED", { payload }), "RESPONSE_INVALID"],
    [
      "the grant is for something else",
      { ...request(), grant: { ...request().grant, approved_digest: `sha256:${"0".repeat(64)}` } },
      "RESPONSE_INVALID",
    ],
    ["there is no grant", { ...request(), grant: undefined }, "GRANT_INVALID"],
    [
      "an agent has approved it",
      { ...request(), decided_by: { type: "agent", id: "agt_1" } },
      "RESPONSE_INVALID",
    ],
  ])("%s", async (_name, answer, code) => {
    const { paid, pay, paths } = guard({ request: answer });
    await expect(paid).rejects.toMatchObject({ code });
    expect(pay).not.toHaveBeenCalled();
    expect(paths()).not.toContain(claimed);
  });

  test("the request of an encrypted one was rejected", async () => {
    const sealed = await new Cipher(PROJECT_ID, [KEY]).seal({}, REQUEST_ID, "payload");
    const encrypted = { encrypted: true, details: sealed as object };
    const { paid, pay, paths } = guard(
      {
        purchase: wirePurchase("approved", encrypted),
        request: decidedRequest("REJECTED", { encrypted: true, payload: sealed }),
      },
      { encryptionKey: KEY },
    );
    await expect(paid).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
    expect(pay).not.toHaveBeenCalled();
    expect(paths()).not.toContain(claimed);
  });

  test("it is plaintext where ciphertext is due", async () => {
    const { paid, pay } = guard({}, { encryptionKey: KEY });
    await expect(paid).rejects.toMatchObject({ code: "PLAINTEXT_REFUSED" });
    expect(pay).not.toHaveBeenCalled();
  });

  test.each(["rejected", "expired", "cancelled", "failed"] as const)(
    "the purchase is %s",
    async (status) => {
      const { paid, pay, paths } = guard({ purchase: wirePurchase(status) });
      await expect(paid).rejects.toMatchObject({
        name: "PurchaseRejectedError",
        code: "PURCHASE_REJECTED",
        purchase: { status },
      });
      expect(pay).not.toHaveBeenCalled();
      expect(paths()).not.toContain(claimed);
    },
  );
});

test("[G2] one that was paid and confirmed by other means is not paid again", async () => {
  const { paid, pay, paths } = guard({ purchase: wirePurchase("completed") });
  expect(await paid).toMatchObject({ purchase: { status: "completed" }, result: undefined });
  expect(pay).not.toHaveBeenCalled();
  expect(paths()).not.toContain(claimed);
});

test("[G4] a grant that is over is an error, and pays nothing", async () => {
  const { paid, pay, paths } = guard({});
  await expect(paid).rejects.toMatchObject({ name: "GrantError", code: "GRANT_EXPIRED" });
  expect(paths()).toContain(claimed);
  expect(pay).not.toHaveBeenCalled();
});
