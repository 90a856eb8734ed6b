import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { invite, loadKey, openRequest, rowOf, signIn } from "../harness/people.js";
import { addAgent, administer } from "../harness/purchases.js";

const cable = {
  amount: "120.00",
  currency: "EUR",
  category: "equipment",
  merchantName: "Cables & Co",
  payee: "shop.cables.example",
  description: "Forty metres",
  comment: "Urgent!",
} as const;

/** The text of a locator with the spaces of `Intl` as plain ones. */
const plain = (text: string | null) => (text ?? "").replaceAll(/\s/g, " ");

describeInBrowser("money in the dashboard", (browser) => {
  let holdpoint: ServedControlPlane;
  let page: Page;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  test("an admin sets the first budget, and sees it", async () => {
    page = await browser.open({ locale: "en-GB" });
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/spend`);
    await page.getByRole("heading", { name: "No money is set aside yet" }).waitFor();
    await page.getByRole("button", { name: "Set the project's budget…" }).click();
    const dialog = page.getByRole("dialog", { name: "Set budget" });
    await dialog.getByLabel("Amount in all").fill("500.00");
    await dialog.getByText("€500.00", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Set budget" }).click();
    await dialog.waitFor({ state: "hidden" });
    const project = page.getByRole("region", { name: "Project Acme" });
    await project.getByText("€500.00").first().waitFor();
  });

  test("[P-SPEND-APPROVAL] a purchase waits in the inbox with merchant, amount and what is left; a person lowers it", async () => {
    const hp = holdpoint.client();
    page = await browser.open({ locale: "en-GB" });
    await signIn(page, holdpoint);
    const { requestId, status } = await hp.spend.purchase(cable);
    expect(status).toBe("pending");
    const row = rowOf(page, requestId);
    await row.getByText("Cables & Co").waitFor();
    expect(plain(await row.textContent())).toMatch(/€120\.00 to Cables & Co.*€380\.00 left/);

    await row.getByRole("link").click();
    const panel = page.getByRole("region", { name: "Purchase" });
    await panel.getByText("€120.00").first().waitFor();
    await panel.getByText("shop.cables.example").waitFor();
    // What the agent says is said to be its word.
    await panel.getByRole("region", { name: "What the agent says" }).getByText("Urgent!").waitFor();
    const payload = page.getByRole("region", { name: "Payload" });
    const decision = page.getByRole("region", { name: "Decision" });

    await payload.getByLabel("Amount").fill("121.00");
    await decision.getByText("at most 120.00 EUR").waitFor();
    expect(await decision.getByRole("button", { name: /^Approve/ }).isDisabled()).toBe(true);

    await payload.getByLabel("Amount").fill("80.00");
    await panel.getByText("€420.00").waitFor();
    await decision.getByRole("button", { name: "Approve with 1 change" }).click();
    const approved = await hp.spend.wait(requestId);
    expect(approved).toMatchObject({ status: "approved", approvedAmount: "80.00" });
    await panel.getByText("Held", { exact: true }).waitFor();

    await hp.spend.confirm(requestId, { success: true, actualAmount: "79.90" });
    await panel.getByText("Spent", { exact: true }).waitFor();
    await panel.getByText("€79.90").waitFor();
    const history = page.getByRole("region", { name: "History" });
    await history.getByText("Money spent").waitFor();
    expect(plain(await history.textContent())).toContain("€79.90");
  });

  test("an approver refunds what was paid, and the budget has it again", async () => {
    const hp = holdpoint.client();
    page = await browser.open({ locale: "en-GB" });
    await signIn(page, holdpoint);
    const { requestId } = await hp.spend.purchase({ ...cable, amount: "40.00" });
    await holdpoint.decide(requestId, { decision: "approve" });
    await hp.spend.confirm(requestId, { success: true });
    await openRequest(page, holdpoint, requestId);
    await page.getByRole("button", { name: "Refund…" }).click();
    const dialog = page.getByRole("dialog", { name: "Refund purchase" });
    await dialog.getByLabel("Refunded").fill("40.01");
    await dialog.getByText("at most €40.00").last().waitFor();
    expect(await dialog.getByRole("button", { name: "Record the refund" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Refunded").fill("15.00");
    await dialog.getByRole("button", { name: "Record the refund" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("region", { name: "Purchase" }).getByText("€15.00").waitFor();
  });

  test("[P-SPEND-STOP] a kill switch is a deliberate act, is loud, and stops the next purchase", async () => {
    const bot = await addAgent(holdpoint, "reckless-bot");
    await bot.hp.spend.purchase(cable);
    page = await browser.open();
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/spend`);
    await page.getByRole("button", { name: "Stop spending of reckless-bot" }).click();
    const dialog = page.getByRole("dialog", { name: "Stop spending" });
    await dialog.getByLabel("Reason").fill("It buys cables.");
    await dialog.getByRole("button", { name: "Stop spending now" }).click();
    const line = page.getByRole("alert").filter({ hasText: "Spending of reckless-bot is stopped" });
    await line.getByText("It buys cables.").waitFor();

    expect(await bot.hp.spend.purchase(cable)).toMatchObject({ status: "rejected" });
    expect(await holdpoint.client().spend.purchase({ ...cable, amount: "1.00" })).toMatchObject({
      status: "pending",
    });

    await page.getByRole("button", { name: "Let it go on: spending of reckless-bot" }).click();
    await page.getByRole("button", { name: "Let it go on", exact: true }).click();
    await line.waitFor({ state: "hidden" });
    expect(await bot.hp.spend.purchase({ ...cable, amount: "2.00" })).toMatchObject({
      status: "pending",
    });
  });

  test("[S-PHONE] on a phone the switch is behind a menu, away from the scrolling thumb", async () => {
    const bot = await addAgent(holdpoint, "roaming-bot");
    await bot.hp.spend.purchase(cable);
    page = await browser.open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/spend`);
    await page.getByRole("button", { name: "More for roaming-bot" }).tap();
    await page.getByRole("menuitem", { name: "Stop spending…" }).tap();
    await page.getByRole("button", { name: "Stop spending now" }).tap();
    await page.getByText("Spending of roaming-bot is stopped").waitFor();
    expect(await bot.hp.spend.purchase(cable)).toMatchObject({ status: "rejected" });
  });

  test("[P-QUORUM] two people have to approve, and each sees who has", async () => {
    const bot = await addAgent(holdpoint, "careful-bot");
    await administer(holdpoint, "POST", "/v1/spend-policies", {
      agent_id: bot.id,
      policy: { currency: "EUR", approval_threshold: { amount: "50.00", quorum: 2 } },
    });
    const { requestId } = await bot.hp.spend.purchase({ ...cable, amount: "60.00" });
    page = await browser.open();
    await signIn(page, holdpoint);
    const graceId = await invite(holdpoint, "Grace Hopper", ["approver"]);
    const grace = await browser.open();
    await signIn(grace, holdpoint, graceId);

    await openRequest(page, holdpoint, requestId);
    await openRequest(grace, holdpoint, requestId);
    await page.getByText("0 of 2 have approved").waitFor();
    await page.getByRole("button", { name: "Approve as sent" }).click();
    await page.getByRole("button", { name: "You have approved" }).waitFor();
    const approvals = grace.getByRole("region", { name: "Approvals" });
    await approvals.getByText("1 of 2 have approved").waitFor();
    await approvals.getByText("Ada Lovelace").waitFor();
    expect(await bot.hp.spend.get(requestId)).toMatchObject({ status: "pending" });

    await grace.getByRole("button", { name: "Approve as sent" }).click();
    await page.getByText("2 of 2 have approved").waitFor();
    expect(await bot.hp.spend.wait(requestId)).toMatchObject({ status: "approved" });
  });

  test("[G6] encrypted details are read in the browser, and cannot be edited", async () => {
    const encryptionKey = Buffer.alloc(32, 8).toString("base64url");
    const hp = holdpoint.client({ encryptionKey });
    const { requestId } = await hp.spend.purchase({ ...cable, amount: "3.00" });
    page = await browser.open({ locale: "en-GB" });
    await signIn(page, holdpoint);
    await openRequest(page, holdpoint, requestId);
    const panel = page.getByRole("region", { name: "Purchase" });
    await panel.getByText("€3.00").first().waitFor();
    expect(await page.getByText("Forty metres").count()).toBe(0);
    await page.getByRole("button", { name: "Load encryption key…" }).click();
    await loadKey(page, encryptionKey);
    await panel.getByText("Forty metres").waitFor();
    expect(await page.getByRole("button", { name: "Edit JSON" }).count()).toBe(0);
    await page.getByRole("button", { name: "Approve as sent" }).click();
    expect(await hp.spend.wait(requestId)).toMatchObject({ status: "approved" });
  });

  test("money and numbers are written as the reader writes them", async () => {
    const bot = await addAgent(holdpoint, "german-bot");
    await administer(holdpoint, "PUT", "/v1/budgets", {
      scope: "agent",
      agent_id: bot.id,
      currency: "EUR",
      amount_minor: 123_450,
    });
    await bot.hp.spend.purchase({ ...cable, currency: "USDC", amount: "0.000125" });
    const german = await browser.open({ locale: "de-DE" });
    await signIn(german, holdpoint);
    await german.goto(`${holdpoint.url}/spend`);
    const section = german.getByRole("region", { name: "Agent german-bot" });
    await section.waitFor();
    const text = plain(await section.textContent());
    expect(text).toContain("1.234,50 €");
    expect(text).toContain("0,000125 USDC");

    // A comma is how a German writes the decimals of an amount.
    await section.getByRole("button", { name: /EUR/ }).click();
    await section.getByRole("button", { name: "Change budget…" }).click();
    const dialog = german.getByRole("dialog", { name: "Change budget" });
    await dialog.getByLabel("Amount in all").fill("2000,75");
    await dialog.getByText("2.000,75 €").waitFor();
    await dialog.getByRole("button", { name: "Set budget" }).click();
    await expect.poll(async () => plain(await section.textContent())).toContain("2.000,75 €");
  });

  test("the list of purchases is filtered, and leads to each", async () => {
    page = await browser.open();
    await signIn(page, holdpoint);
    const { requestId } = await holdpoint.client().spend.purchase({
      ...cable,
      amount: "4.00",
      category: "groceries",
      merchantName: "Corner Shop",
    });
    await page.goto(`${holdpoint.url}/spend/purchases`);
    const list = page.getByRole("list", { name: "Purchases" });
    await list.getByText("Corner Shop").waitFor();
    expect(await list.getByText("Cables & Co").count()).toBeGreaterThan(0);
    await page.getByLabel("Category").selectOption("groceries");
    await expect.poll(() => list.getByText("Cables & Co").count()).toBe(0);
    await rowOf(page, requestId).getByRole("link").click();
    await page.getByRole("region", { name: "Purchase" }).getByText("Corner Shop").waitFor();
  });

  test("what an agent names a merchant is text", async () => {
    page = await browser.open();
    await signIn(page, holdpoint);
    const { requestId } = await holdpoint.client().spend.purchase({
      ...cable,
      amount: "5.00",
      merchantName: `<img src=x onerror="document.title='owned'">`,
      payee: "раypal.com",
    });
    await openRequest(page, holdpoint, requestId);
    const panel = page.getByRole("region", { name: "Purchase" });
    await panel.getByText("onerror").waitFor();
    // The first two letters are Cyrillic.
    await panel.getByText("xn--ypal-43d9g.com").waitFor();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(await page.title()).not.toBe("owned");
  });
});
