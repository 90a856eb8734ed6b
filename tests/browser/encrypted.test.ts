import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { loadKey, openRequest, signIn } from "../harness/people.js";

const encryptionKey = Buffer.alloc(32, 11).toString("base64url");
const otherKey = Buffer.alloc(32, 12).toString("base64url");
const canary = "canary-20b6c1";
const transfer = {
  service: "treasury",
  action: "transfer",
  payload: { iban: `DE00 ${canary}`, amount: 900 },
  schema: {
    type: "object",
    properties: { iban: { type: "string" }, amount: { type: "integer", maximum: 1_000 } },
    required: ["iban", "amount"],
    additionalProperties: false,
  },
} as const;

describeInBrowser("an encrypted request", (browser) => {
  let holdpoint: ServedControlPlane;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  test("[S-BROWSER-KEY] [G6] is decrypted, edited and encrypted again in the browser", async () => {
    const page = await browser.open();
    const sent: string[] = [];
    page.on("request", (request) =>
      sent.push(request.url(), request.postData() ?? "", JSON.stringify(request.headers())),
    );
    await signIn(page, holdpoint);
    const hp = holdpoint.client({ encryptionKey });
    const { id } = await hp.defer(transfer);
    const answer = hp.wait(id);

    await openRequest(page, holdpoint, id);
    const payload = page.getByRole("region", { name: "Payload" });
    await payload.getByText("Encrypted: load the key to read it").waitFor();
    await payload.getByRole("button", { name: "Load encryption key…" }).click();
    await loadKey(page, encryptionKey);
    await payload.getByText("DECRYPTED").waitFor();
    expect(await payload.getByLabel("iban").inputValue()).toBe(transfer.payload.iban);
    await payload.getByLabel("amount").fill("100");
    await page.getByRole("button", { name: "Approve with 1 change" }).click();

    expect(await answer).toMatchObject({
      status: "APPROVED_WITH_MODIFICATIONS",
      approvedPayload: { iban: transfer.payload.iban, amount: 100 },
      diffSummary: { changes: [{ path: "/amount", from: 900, to: 100 }] },
    });
    expect(sent.join("\n")).toContain("patched_payload");
    expect(sent.join("\n")).not.toContain(canary);
    expect(sent.join("\n")).not.toContain(encryptionKey);
    expect(holdpoint.log.join("\n")).not.toContain(canary);
  });

  test("[S-BROWSER-KEY] a wrong key is named as such, and what is no key is refused", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint);
    const { id } = await holdpoint.client({ encryptionKey }).defer(transfer);
    await openRequest(page, holdpoint, id);
    const payload = page.getByRole("region", { name: "Payload" });
    await payload.getByRole("button", { name: "Load encryption key…" }).click();
    const dialog = page.getByRole("dialog", { name: "Encryption keys" });
    await dialog.getByLabel("Encryption key", { exact: true }).fill("not a key");
    await dialog.getByRole("button", { name: "Load key" }).click();
    await dialog
      .getByText(/32 bytes|43 characters, got|not a key/i)
      .first()
      .waitFor();
    await loadKey(page, otherKey);
    await payload.getByText("Encrypted with another key than the ones loaded").waitFor();

    // Approving unseen takes a second, explicit yes.
    const approve = page.getByRole("button", { name: "Approve unseen" });
    expect(await approve.isDisabled()).toBe(true);
    await page.getByLabel("I approve this without having seen the payload").check();
    await approve.click();
    expect(await holdpoint.client({ encryptionKey }).wait(id)).toMatchObject({
      status: "APPROVED",
      approvedPayload: transfer.payload,
    });
  });

  test("[S-BROWSER-KEY] a ciphertext changed on the way is called that", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint);
    const key = await importEnvelopeKey(encryptionKey);
    const id = "req_01h5fskfsk4fpeqwnsyz5hj55t";
    const binding = { projectId: holdpoint.projectId, requestId: id, field: "payload" } as const;
    const sealed = await sealEnvelope(transfer.payload, binding, key);
    const last = sealed.tag.startsWith("A") ? "B" : "A";
    const response = await fetch(`${holdpoint.url}/v1/requests`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${holdpoint.apiKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        id,
        service: "treasury",
        action: "transfer",
        encrypted: true,
        payload: { ...sealed, tag: `${last}${sealed.tag.slice(1)}` },
      }),
    });
    expect(response.status).toBe(201);
    await openRequest(page, holdpoint, id);
    const payload = page.getByRole("region", { name: "Payload" });
    await payload.getByRole("button", { name: "Load encryption key…" }).click();
    await loadKey(page, encryptionKey);
    await payload.getByText("This ciphertext was changed after it was sealed").waitFor();
  });
});
