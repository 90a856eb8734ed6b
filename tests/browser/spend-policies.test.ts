import type { WireList } from "@holdpoint/protocol";
import type { WireSpendPolicy } from "@holdpoint/protocol/spend";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { invite, signIn } from "../harness/people.js";
import { administer } from "../harness/purchases.js";

const paper = { currency: "EUR", category: "office", merchantName: "Paper & Ink" } as const;

describeInBrowser("a spend policy in the dashboard", (browser) => {
  let holdpoint: ServedControlPlane;
  let page: Page;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  async function openPolicies(): Promise<void> {
    page = await browser.open({ locale: "en-GB" });
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/spend/policies`);
    await page.getByRole("region", { name: "What it means" }).waitFor();
  }

  async function inForce(): Promise<WireSpendPolicy | undefined> {
    const { data } = await administer<WireList<WireSpendPolicy>>(
      holdpoint,
      "GET",
      "/v1/spend-policies?of=project",
    );
    return data[0];
  }

  test("is written with what it means beside it, tried against the past, and armed", async () => {
    const hp = holdpoint.client();
    const small = await hp.spend.purchase({ ...paper, category: "software", amount: "20.00" });
    const large = await hp.spend.purchase({ ...paper, category: "software", amount: "90.00" });
    expect([small.status, large.status]).toEqual(["pending", "pending"]);

    await openPolicies();
    const meaning = page.getByRole("region", { name: "What it means" });
    await meaning.getByText("Every purchase goes to a person.").waitFor();
    await page.getByLabel("One purchase", { exact: true }).fill("80.00");
    await page.getByLabel("Approve without a person").check();
    await page.getByLabel("Up to").fill("50.00");
    await meaning.getByText("At most 80.00 EUR for one purchase.").waitFor();
    await meaning.getByText("Purchases up to 50.00 EUR need nobody.").waitFor();

    const trial = page.getByRole("region", { name: "Try and arm" });
    await trial.getByRole("button", { name: "Try against the last 90 days" }).click();
    const changed = trial.getByRole("list", { name: "What would have changed" });
    await changed.getByText("€90.00").waitFor();
    expect(await changed.getByRole("listitem").filter({ hasText: "→" }).count()).toBe(2);
    await trial.getByRole("row", { name: "To a person 2 0" }).waitFor();
    expect(await inForce()).toBeUndefined();

    await page.getByRole("button", { name: "Arm this policy…" }).click();
    const dialog = page.getByRole("dialog", { name: "Arm this policy" });
    await dialog.getByText("/per_request_limit").waitFor();
    await dialog.getByRole("button", { name: "Arm this policy" }).click();
    await page.getByText("Revision 1 is armed").waitFor();
    expect((await inForce())?.policy).toEqual({
      currency: "EUR",
      per_request_limit: "80.00",
      auto_approve: { enabled: true, max_amount: "50.00" },
    });
    const next = await hp.spend.purchase({ ...paper, category: "software", amount: "20.00" });
    expect(next.status).toBe("auto_approved");
  });

  test("says what is wrong at its field, and cannot be armed with it", async () => {
    await openPolicies();
    await page.getByLabel("A day", { exact: true }).fill("5.001");
    const meaning = page.getByRole("region", { name: "What it means" });
    await meaning.getByText("One thing is wrong").waitFor();
    await meaning.getByText("/daily_limit").waitFor();
    expect(await page.getByLabel("A day", { exact: true }).getAttribute("aria-invalid")).toBe(
      "true",
    );
    expect(await page.getByRole("button", { name: /^Arm/ }).isDisabled()).toBe(true);

    await page.getByLabel("A day", { exact: true }).fill("500");
    await page.getByLabel("Time zone").fill("Mars/Olympus");
    await meaning.getByText("/timezone").waitFor();
    await page.getByLabel("Time zone").fill("Europe/Vienna");
    await page.getByLabel("A week").fill("100");
    await meaning.getByRole("list", { name: "Warnings" }).getByText("daily_limit").waitFor();
  });

  test("has a schedule of days and windows", async () => {
    await openPolicies();
    await page.getByLabel("Every day, only at").fill("09:00-12:00, 13:00-17:30");
    await page.getByRole("button", { name: "Other rules on some days" }).click();
    const meaning = page.getByRole("region", { name: "What it means" });
    await meaning.getByText(/09:00-12:00 and 13:00-17:30/).waitFor();
    await meaning.getByText(/On Saturday and Sunday money may be spent at no time/).waitFor();
    await page.getByLabel("Fri").check();
    await page.getByLabel("Spend nothing on these days").uncheck();
    await page.getByLabel("On these days, only at").fill("22:00-06:00");
    await meaning.getByText(/On Friday, Saturday and Sunday .*22:00-06:00/).waitFor();
  });

  test("keeps its revisions, shows what each changed, and brings an old one back", async () => {
    await administer(holdpoint, "POST", "/v1/spend-policies", {
      policy: { currency: "EUR", daily_limit: "10.00" },
    });
    await openPolicies();
    const armed = (await inForce())?.revision ?? 0;
    const revisions = page.getByRole("region", { name: "Revisions" });
    await revisions.getByText(`Revision ${armed}`, { exact: true }).click();
    const changes = revisions.getByRole("list", { name: `What revision ${armed} changed` });
    await changes.getByText("/daily_limit").waitFor();
    await changes.getByText("/per_request_limit").waitFor();

    await revisions.getByRole("button", { name: "Restore into the form: revision 1" }).click();
    expect(await page.getByLabel("One purchase", { exact: true }).inputValue()).toBe("80.00");
    await page.getByRole("button", { name: "Arm this policy…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Arm this policy" }).click();
    await page.getByText(`Revision ${armed + 1} is armed`).waitFor();
    expect((await inForce())?.policy).toMatchObject({ per_request_limit: "80.00" });
  });

  test("an approver writes and tries one, and cannot arm it", async () => {
    const id = await invite(holdpoint, "Joan Clarke", ["approver"]);
    page = await browser.open();
    await signIn(page, holdpoint, id);
    await page.goto(`${holdpoint.url}/spend/policies`);
    await page.getByText("Only an admin arms a policy.").waitFor();
    await page.getByRole("button", { name: "Try against the last 90 days" }).click();
    await page.getByRole("cell").first().waitFor();
    expect(await page.getByRole("button", { name: /^Arm/ }).count()).toBe(0);
  });
});
