import type { WireList } from "@holdpoint/protocol";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { enforcePolicy } from "../harness/gate.js";
import { invite, openRequest, signIn } from "../harness/people.js";
import { administer } from "../harness/purchases.js";

const noDrops = `@id("no-drops")
@reason("Nothing drops a table.")
forbid (principal, action, resource == Intent::"postgres/run_sql");
`;

describeInBrowser("the policy in the dashboard", (browser) => {
  let holdpoint: ServedControlPlane;
  let page: Page;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  async function openPolicy(operatorId?: string): Promise<void> {
    page = await browser.open({ locale: "en-GB" });
    await signIn(page, holdpoint, operatorId);
    await page.goto(`${holdpoint.url}/policies`);
    await editor().waitFor();
  }

  const editor = () => page.getByRole("textbox", { name: "Policy in Cedar" });
  const meaning = () => page.getByRole("region", { name: "What it means" });

  async function inForce(): Promise<WirePolicy | undefined> {
    const { data } = await administer<WireList<WirePolicy>>(holdpoint, "GET", "/v1/policies");
    return data[0];
  }

  test("is begun with a template, tried against the past, and put in force", async () => {
    const hp = holdpoint.client();
    const { id } = await hp.defer({ service: "postgres", action: "run_sql", payload: { n: 1 } });
    await openPolicy();
    await page.getByText("No policy is in force").waitFor();
    await page.getByRole("button", { name: "Let people decide what runs" }).click();
    await meaning().getByText("run-low-risk").waitFor();
    await editor().fill(noDrops);
    await meaning().getByRole("list", { name: "Statements" }).getByText("no-drops").waitFor();

    await page.getByRole("button", { name: "Try against past requests" }).click();
    const trial = page.getByRole("region", { name: "Trial" });
    await trial.getByRole("row", { name: "Denied 1" }).waitFor();
    const changed = trial.getByRole("list", { name: "What would be judged otherwise" });
    expect(await changed.getByRole("link").getAttribute("href")).toBe(`/requests/${id}`);
    expect(await inForce()).toBeUndefined();

    await page.getByRole("button", { name: "Put in force…" }).click();
    const dialog = page.getByRole("dialog", { name: "Put in force" });
    await dialog.getByLabel("Note").fill("After the incident of May");
    await dialog.getByRole("button", { name: "Put in force" }).click();
    await page.getByText("Revision 1 is in force").waitFor();
    expect(await inForce()).toMatchObject({
      revision: 1,
      text: noDrops,
      note: "After the incident of May",
    });

    const denied = await hp.ask({ service: "postgres", action: "run_sql", payload: { n: 2 } });
    expect(denied.status).toBe("REJECTED");
    await openRequest(page, holdpoint, denied.id);
    const facts = page.getByRole("region", { name: "Facts" });
    await facts.getByText("Nothing drops a table.").waitFor();
    await facts.getByRole("link", { name: "revision 1" }).waitFor();
    await page
      .getByRole("region", { name: "Decision" })
      .getByText("Rejected by the policy no-drops")
      .waitFor();
  });

  test("[P-POLICY-CHECKED] says what is wrong and where, leads there, and cannot be put in force with it", async () => {
    await openPolicy();
    await editor().fill('permit (principal, action, resource)\nwhen { context.servce == "x" };\n');
    const problem = page.getByRole("list", { name: "Problems" }).getByText(/servce/);
    await problem.first().waitFor();
    expect(await page.getByRole("button", { name: "Put in force…" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: /^line 2/ }).click();
    expect(await editor().evaluate((node) => node.contains(document.activeElement))).toBe(true);
    const selected = await page.evaluate(() => String(document.getSelection()));
    expect('when { context.servce == "x" };').toContain(selected);
    expect(selected).not.toBe("");
  });

  test("is not put over a revision that came meanwhile, before that was seen", async () => {
    const base = (await inForce())?.revision ?? 0;
    await openPolicy();
    await editor().fill(`${noDrops}// mine\n`);
    await page.getByRole("button", { name: "Put in force…" }).click();
    await enforcePolicy(holdpoint, `${noDrops}// of somebody else\n`, base, "Somebody else's");

    const dialog = page.getByRole("dialog", { name: "Put in force" });
    await dialog.getByRole("button", { name: "Put in force" }).click();
    await dialog.getByText(`Revision ${base + 1} was put in force meanwhile`).waitFor();
    await dialog
      .getByRole("region", { name: "What changes" })
      .getByText("of somebody else")
      .waitFor();
    expect((await inForce())?.text).toContain("of somebody else");
    await dialog.getByRole("button", { name: `Put mine over revision ${base + 1}` }).click();
    await dialog.getByRole("button", { name: "Put in force" }).click();
    await page.getByText(`Revision ${base + 2} is in force`).waitFor();
    expect((await inForce())?.text).toContain("// mine");
  });

  test("keeps its revisions, shows what each changed, and brings an old one back", async () => {
    const base = (await inForce())?.revision ?? 0;
    await enforcePolicy(holdpoint, `${noDrops}// first\n`, base);
    await enforcePolicy(holdpoint, `${noDrops}// second\n`, base + 1, "Better words");
    await openPolicy();
    const revisions = page.getByRole("region", { name: "Revisions" });
    await revisions.getByText(`Revision ${base + 2}`, { exact: true }).click();
    const diff = revisions.getByRole("region", { name: `What revision ${base + 2} changed` });
    await diff.getByText("// second").waitFor();
    await diff.getByText("// first").waitFor();
    await revisions.getByText("Better words").waitFor();
    await revisions
      .getByRole("button", { name: `Restore into the editor: revision ${base + 1}` })
      .click();
    await editor().getByText("// first").waitFor();
  });

  test("is written and tried by an approver, and put in force by an admin alone", async () => {
    await openPolicy(await invite(holdpoint, "Joan Clarke", ["approver"]));
    await page.getByText("Only an admin puts a policy in force.").waitFor();
    await editor().fill(noDrops);
    await page.getByRole("button", { name: "Try against past requests" }).click();
    await page.getByRole("region", { name: "Trial" }).getByRole("status").waitFor();
    expect(await page.getByRole("button", { name: "Put in force…" }).count()).toBe(0);
  });
});
