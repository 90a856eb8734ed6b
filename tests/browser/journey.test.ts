import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { openRequest, rowOf, signIn } from "../harness/people.js";

const refund = {
  service: "billing",
  action: "refund",
  priority: "high",
  payload: { orderId: "A-1042", amount: 12_500, method: "card", notify: true },
  schema: z.object({
    orderId: z.string(),
    amount: z.number().int().min(1).max(50_000),
    method: z.enum(["card", "bank"]),
    notify: z.boolean(),
    note: z.string().optional(),
  }),
} as const;

describeInBrowser("a person decides in the dashboard", (browser) => {
  let holdpoint: ServedControlPlane;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  test("[S-SIGN-IN] a one-time link signs in, once, and leaves the address bar", async () => {
    const link = await holdpoint.signInLink();
    const page = await browser.open();
    await page.goto(link);
    await page.getByRole("heading", { name: "Inbox", exact: true }).waitFor();
    expect(page.url()).not.toContain("token");

    const stranger = await browser.open();
    await stranger.goto(link);
    await stranger.getByText("This sign-in link does not work any more").waitFor();
    await stranger.goto(`${holdpoint.url}/history`);
    await stranger.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
  });

  test("[S-SIGN-IN] a link pasted into a tab that shows the sign-in page works too", async () => {
    const page = await browser.open();
    await page.goto(`${holdpoint.url}/history`);
    await page.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
    await page.goto(await holdpoint.signInLink());
    await page.getByRole("heading", { name: "History", level: 1 }).waitFor();
  });

  test("[S-LIVE] [S-FORM] a request comes live; an edit is shown as a diff, approved, and reaches the agent", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint);
    const hp = holdpoint.client();
    const { id } = await hp.defer(refund);
    const answer = hp.wait(id, { schema: refund.schema });

    await rowOf(page, id).getByRole("link").click();
    const payload = page.getByRole("region", { name: "Payload" });
    await payload.getByLabel("amount").fill("5000");
    const decision = page.getByRole("region", { name: "Decision" });
    const changes = decision.getByRole("list", { name: "Your changes" });
    await changes.getByText("/amount").waitFor();
    expect(await changes.textContent()).toMatch(/12500[\s\S]*5000/);
    await payload.getByLabel("note").fill("Half, as agreed.");
    await decision.getByRole("button", { name: "Approve with 2 changes" }).click();

    expect(await answer).toMatchObject({
      approved: true,
      status: "APPROVED_WITH_MODIFICATIONS",
      approvedPayload: { ...refund.payload, amount: 5_000, note: "Half, as agreed." },
      diffSummary: { changes: [{ path: "/amount", from: 12_500, to: 5_000 }, { path: "/note" }] },
      decidedBy: { name: "Ada Lovelace" },
    });
    await decision.getByText("Approved with changes by Ada Lovelace (you)").waitFor();
    await page
      .getByRole("region", { name: "History" })
      .getByText("Approved with changes")
      .waitFor();
  });

  test("[S-FORM] an edit that breaks the schema cannot be approved", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint);
    const { id } = await holdpoint.client().defer(refund);
    await openRequest(page, holdpoint, id);
    await page.getByRole("region", { name: "Payload" }).getByLabel("amount").fill("50001");
    const decision = page.getByRole("region", { name: "Decision" });
    await decision.getByText("This edit cannot be approved yet").waitFor();
    expect(await decision.getByRole("button", { name: /^Approve/ }).isDisabled()).toBe(true);
    await decision.getByRole("button", { name: "Discard changes" }).click();
    await decision.getByRole("button", { name: "Approve as sent" }).click();
    expect(await holdpoint.client().wait(id)).toMatchObject({
      status: "APPROVED",
      approvedPayload: refund.payload,
    });
  });

  test("a rejection carries the person's reason to the agent", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint);
    const hp = holdpoint.client();
    const { id, url } = await hp.defer({ ...refund, schema: undefined } as never);
    const answer = hp.wait(id);
    await page.goto(url);
    await page.getByRole("button", { name: "Reject…" }).click();
    const dialog = page.getByRole("dialog", { name: "Reject request" });
    await dialog.getByRole("button", { name: "Wrong target" }).click();
    await dialog.getByLabel("Reason").fill("Wrong target: this order is not ours.");
    await dialog.getByRole("button", { name: "Reject request" }).click();
    expect(await answer).toMatchObject({
      approved: false,
      status: "REJECTED",
      reason: "Wrong target: this order is not ours.",
    });
    await page.getByText("Wrong target: this order is not ours.").waitFor();
  });

  test("[S-LIVE] a request that expires while it is looked at says so, live", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint);
    const { id } = await holdpoint.client().defer({ ...refund, timeoutMs: 2_000 });
    await openRequest(page, holdpoint, id);
    await page
      .getByRole("region", { name: "Decision" })
      .getByText("Expired without an answer")
      .waitFor();
  });

  test("what an agent sends is text, whatever it looks like", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint);
    const script = `<img src=x onerror="document.title='owned'">`;
    const { id } = await holdpoint.client({ agent: script }).defer({
      service: script,
      action: "[Approve](javascript:alert(1))",
      payload: { [script]: script, url: "javascript:alert(1)" },
      metadata: { script },
    });
    await rowOf(page, id).waitFor();
    await openRequest(page, holdpoint, id);
    await page.getByRole("region", { name: "Payload" }).getByText("onerror").first().waitFor();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).not.toBe("owned");
    await holdpoint.decide(id, { decision: "reject" });
  });
});
