import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { WireReceipt } from "@holdpoint/protocol";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { invite, loadKey, openRequest, signIn } from "../harness/people.js";

const refund = { service: "billing", action: "refund", payload: { amount_minor: 1250 } };
const encryptionKey = Buffer.alloc(32, 5).toString("base64url");

describeInBrowser("what became of a decision", (browser) => {
  let holdpoint: ServedControlPlane;
  let page: Page;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true, allowLoopbackWebhooks: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  /** Asks, has it approved and claims the grant. */
  async function claim(options: { readonly encryptionKey?: string; readonly leaseMs?: number }) {
    const { leaseMs = 60_000, ...client } = options;
    const hp = holdpoint.client(client);
    const { id } = await hp.defer(refund);
    await holdpoint.decide(id, { decision: "approve" });
    const decision = await hp.wait(id);
    if (!decision.approved) throw new Error("Expected an approval.");
    return { hp, id, execution: await hp.executions.claim(decision, { leaseMs }) };
  }

  test("a run is shown as it happens, with its result", async () => {
    const { hp, id, execution } = await claim({});
    page = await browser.open();
    await signIn(page, holdpoint);
    await openRequest(page, holdpoint, id);
    const panel = page.getByRole("region", { name: "Execution" });
    await panel.getByText("Running").waitFor();
    await hp.executions.commit(execution, { refundId: "re_77" });
    await panel.getByText("Done").waitFor();
    await panel.getByText("re_77").waitFor();
  });

  test.each([
    ["plain", {}],
    ["encrypted", { encryptionKey }],
  ])("an unknown outcome is settled by a person, with evidence (%s)", async (_name, client) => {
    const { hp, id, execution } = await claim({ ...client, leaseMs: 1_000 });
    page = await browser.open();
    await signIn(page, holdpoint);
    await openRequest(page, holdpoint, id);
    if ("encryptionKey" in client) {
      await page.getByRole("button", { name: "Load encryption key…" }).first().click();
      await loadKey(page, encryptionKey);
    }
    const panel = page.getByRole("region", { name: "Execution" });
    await panel.getByRole("button", { name: "Say what happened…" }).click();
    const dialog = page.getByRole("dialog", { name: "Say what happened" });
    await dialog.getByLabel("It ran").check();
    await dialog.getByLabel("Evidence").fill("The refund stands in the ledger.");
    await dialog.getByRole("button", { name: "Settle for good" }).click();
    await panel.getByText("The refund stands in the ledger.").waitFor();
    await panel.getByText("by Ada Lovelace").waitFor();
    const settled = await hp.executions.get(execution.id);
    expect(settled).toMatchObject({ status: "COMMITTED", reconciled: true });
    expect(settled.evidence).toEqual({ note: "The refund stands in the ledger." });
  });

  test("[G7] each event's signed receipt can be saved", async () => {
    const { id } = await claim({});
    page = await browser.open();
    await signIn(page, holdpoint);
    await openRequest(page, holdpoint, id);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the signed receipt of “Approved”" }).click(),
    ]);
    const chunks = await (await download.createReadStream()).toArray();
    const receipt = JSON.parse(Buffer.concat(chunks).toString()) as WireReceipt;
    expect(download.suggestedFilename()).toBe(`${receipt.id}.json`);
    const { receipts } = holdpoint.client();
    expect(await receipts.verify(receipt)).toMatchObject({ type: "request.approved" });
  });

  test("[P-WEBHOOKS] an admin adds a webhook, sees a delivery fail, and sends it again", async () => {
    const statuses = [500, 200, 200];
    const receiver = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(statuses.shift() ?? 200).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    page = await browser.open();
    await signIn(page, holdpoint);
    await page.getByRole("link", { name: "Webhooks" }).filter({ visible: true }).click();
    await page.getByRole("heading", { name: "No webhooks yet" }).waitFor();
    await page.getByRole("button", { name: "Add webhook" }).click();
    const dialog = page.getByRole("dialog", { name: "Add webhook" });
    await dialog.getByLabel("Address").fill(url);
    await dialog.getByRole("button", { name: "Add webhook" }).click();
    const shown = page.getByRole("dialog", { name: "The signing secret" });
    await shown
      .getByText(/whsec_/)
      .first()
      .waitFor();
    await shown.getByRole("button", { name: "I have copied it" }).click();

    await page.getByRole("button", { name: `Send a test to ${url}` }).click();
    const deliveries = page.getByRole("list", { name: "Deliveries" });
    await deliveries.getByText("HTTP 500").waitFor();
    await deliveries.getByText("Delivered").waitFor();
    await page.getByRole("button", { name: /^Send webhook.test/ }).click();
    await expect.poll(() => statuses.length).toBe(0);

    await page.getByRole("button", { name: `Delete ${url}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete webhook" }).click();
    await page.getByRole("heading", { name: "No webhooks yet" }).waitFor();
    receiver.close();
  });

  test("a viewer sees webhooks and cannot change them", async () => {
    const viewer = await invite(holdpoint, "Vi Ewer", ["viewer"]);
    page = await browser.open();
    await signIn(page, holdpoint, viewer);
    await page.goto(`${holdpoint.url}/webhooks`);
    await page.getByText("An admin of Acme can add one.").waitFor();
    expect(await page.getByRole("button", { name: "Add webhook" }).count()).toBe(0);
  });
});
