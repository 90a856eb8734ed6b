import { setTimeout } from "node:timers/promises";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { createAgentWorkspace, Holdpoint } from "@holdpoint/sdk";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import {
  deskToken,
  enforcePolicy,
  gatePolicy,
  type HelpDesk,
  holdCall,
  registerAction,
  startHelpDesk,
  ticketManifest,
} from "../harness/gate.js";
import { invite, openRequest, rowOf, signIn } from "../harness/people.js";
import { addAgent, administer } from "../harness/purchases.js";

const lamp = { queue: "billing", subject: "Lamp charged twice" };

describeInBrowser("the gate in the dashboard", (browser) => {
  let holdpoint: ServedControlPlane;
  let desk: HelpDesk;
  let page: Page;
  beforeAll(async () => {
    desk = await startHelpDesk();
    holdpoint = await serveControlPlane({ dashboard: true, allowPrivateEgress: true });
    await administer(holdpoint, "PUT", "/v1/secrets/DESK_TOKEN", { value: deskToken });
    await registerAction(holdpoint, ticketManifest(desk.port));
    await enforcePolicy(holdpoint, gatePolicy, 0);
  });
  afterEach(() => administer(holdpoint, "PUT", "/v1/authority", { frozen: false }));
  afterAll(async () => {
    await holdpoint?.[Symbol.asyncDispose]();
    await desk?.[Symbol.asyncDispose]();
  });

  async function open(path: string, operatorId?: string): Promise<void> {
    page = await browser.open({ locale: "en-GB" });
    await signIn(page, holdpoint, operatorId);
    await page.goto(`${holdpoint.url}${path}`);
  }

  test("[P-GATE-ONCE] shows a held call with where it goes, and what was edited there is what runs", async () => {
    const { hp } = await addAgent(holdpoint, "service-desk-agent");
    const id = await holdCall(hp, "create-ticket", lamp);
    await open("/");
    await rowOf(page, id).getByText("create-ticket").waitFor();
    await openRequest(page, holdpoint, id);
    const plan = page.getByRole("region", { name: "Plan" });
    await plan.getByRole("heading", { name: "Create a ticket" }).waitFor();
    await plan.getByText(`POST http://127.0.0.1:${desk.port}/queues/billing/tickets`).waitFor();
    await plan.getByText("DESK_TOKEN, as the header Authorization").waitFor();
    await plan.getByText("€0.20").first().waitFor();
    await page.getByRole("region", { name: "Facts" }).getByText("look-first").waitFor();

    await page.getByLabel("queue").selectOption({ label: "support" });
    await page.getByLabel("subject").fill("Lamp charged twice, refund it");
    await plan.getByText("/queues/support/tickets").waitFor();
    await page.getByRole("button", { name: "Approve with 2 changes" }).click();
    await page
      .getByRole("region", { name: "Decision" })
      .getByText("Approved with changes")
      .waitFor();
    expect(desk.tickets).not.toContain("Lamp charged twice, refund it");
    const result = await hp.gate.execute("create-ticket", undefined, { approval: id });
    expect(result.outcome).toBe("success");
    expect(desk.tickets).toContain("Lamp charged twice, refund it");

    const execution = page.getByRole("region", { name: "Execution" });
    await execution.getByText("Its effect was seen to be there").waitFor();
    await execution.getByText("Let through by Ada Lovelace").waitFor();
    expect(await page.content()).not.toContain(deskToken);
  });

  test("lets a held call be approved from the inbox only with its plan in view", async () => {
    const { hp } = await addAgent(holdpoint, "hasty-agent");
    const id = await holdCall(hp, "create-ticket", lamp);
    await open("/");
    await rowOf(page, id).getByRole("checkbox").check();
    await page.getByRole("button", { name: "Approve selected…" }).click();
    const dialog = page.getByRole("dialog", { name: "Approve request" });
    await dialog.getByText(`POST http://127.0.0.1:${desk.port}/queues/billing/tickets`).waitFor();
    await dialog.getByRole("button", { name: "Approve request" }).click();
    await rowOf(page, id).waitFor({ state: "detached" });
  });

  test("lists actions with what they reach and cost, and an admin withdraws one", async () => {
    const other: ActionManifest = { ...ticketManifest(desk.port), id: "old-ticket", title: "Old" };
    await registerAction(holdpoint, other);
    await registerAction(holdpoint, { ...other, version: "1.1.0" });
    await open("/actions");
    const row = page.getByRole("listitem").filter({ hasText: "old-ticket 1.1.0" });
    await row.getByText(`127.0.0.1:${desk.port}`).waitFor();
    await row.getByText("costs €0.20").waitFor();
    await row.getByText("never called").waitFor();
    await row.getByRole("link", { name: "Old" }).click();
    const versions = page.getByRole("region", { name: "Versions" });
    await versions.getByText("1.0.0").waitFor();
    await page.getByRole("region", { name: "manifest" }).getByText("DESK_TOKEN").waitFor();
    // On a slow line the list of before would be seen for as long as the new one takes.
    await page.route("**/v1/actions", async (route) => {
      await setTimeout(500);
      await route.continue();
    });
    await page.getByRole("button", { name: "Withdraw…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Withdraw action" }).click();
    await page.getByRole("list", { name: "Actions" }).getByText("create-ticket").waitFor();
    expect(await page.getByText("old-ticket").count()).toBe(0);
  });

  test("lists who is connected, with what is left, and revokes one lease", async () => {
    const { hp } = await addAgent(holdpoint, "writer-agent");
    const terms = { maxCalls: 20, maxCost: { amount: "5.00", currency: "EUR" } } as const;
    await hp.gate.connect(terms);
    await hp.gate.execute("create-ticket", { queue: "support", subject: "One" });
    await open("/leases");
    const leases = page.getByRole("list", { name: "Leases of writer-agent" });
    await leases.getByText("1 of 20 calls").waitFor();
    await leases.getByText("€0.20").waitFor();
    await leases.getByRole("button", { name: /^Revoke lease/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke lease" }).click();
    await leases.waitFor({ state: "detached" });
  });

  test("[P-GATE-FREEZE] freezes everything from a phone, says so on every page, and an admin thaws it", async () => {
    const { hp } = await addAgent(holdpoint, "runaway-agent");
    await hp.gate.execute("create-ticket", { queue: "support", subject: "Before" });
    const joan = await invite(holdpoint, "Joan Clarke", ["approver"]);
    page = await browser.open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await signIn(page, holdpoint, joan);
    await page.getByRole("link", { name: "Gate" }).filter({ visible: true }).click();
    await page.getByRole("button", { name: "Freeze everything…" }).click();
    const dialog = page.getByRole("dialog", { name: "Freeze all authority" });
    await dialog.getByText("Every lease ends at once").waitFor();
    await dialog.getByLabel("Reason").fill("It writes the same ticket again and again.");
    await dialog.getByRole("button", { name: "Freeze everything now" }).click();
    const banner = () => page.getByRole("alert").filter({ hasText: "All authority is frozen" });
    await banner().getByText("by Joan Clarke").waitFor();
    await banner().getByText("Only an admin thaws.").waitFor();
    const late = { queue: "support", subject: "After" };
    await expect(hp.gate.execute("create-ticket", late)).rejects.toMatchObject({
      code: "AUTHORITY_FROZEN",
    });
    expect(desk.tickets).not.toContain("After");

    for (const path of ["/", "/history", "/keys", "/policies"]) {
      await open(path);
      await banner().getByText("It writes the same ticket again and again.").waitFor();
    }
    await banner().getByRole("button", { name: "Thaw…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Thaw" }).click();
    await banner().waitFor({ state: "detached" });
  });

  test("limits an agent, and shows what it has used", async () => {
    const { hp } = await addAgent(holdpoint, "limited-agent");
    await hp.gate.execute("create-ticket", { queue: "support", subject: "Counted" });
    await open("/agents");
    await page.getByRole("button", { name: "Limits of limited-agent" }).click();
    const dialog = page.getByRole("dialog", { name: "Limits" });
    await dialog.getByLabel("Calls a day").fill("1");
    await dialog.getByLabel("Cost a day").fill("2.50");
    await dialog.getByRole("button", { name: "Set limits" }).click();
    await dialog.waitFor({ state: "hidden" });
    const row = page.getByRole("listitem").filter({ hasText: "limited-agent" });
    await row.getByText("1 of 1 call today").waitFor();
    await row.getByText("€2.50").waitFor();
    const more = { queue: "support", subject: "Too much" };
    await expect(hp.gate.execute("create-ticket", more)).rejects.toMatchObject({
      code: "LEASE_BUDGET_EXHAUSTED",
    });
  });

  test("enrols an agent by a code that is shown once, and revokes the key it enrolled", async () => {
    await open("/agents");
    await page.getByRole("button", { name: "Enrol an agent…" }).click();
    const dialog = page.getByRole("dialog", { name: "Enrol an agent" });
    await dialog.getByLabel("Agent name").fill("field-agent");
    await dialog.getByRole("button", { name: "Make a code" }).click();
    const shown = page.getByRole("dialog", { name: "Code for field-agent" });
    const text = await shown.getByRole("region", { name: "code" }).textContent();
    const code = text?.trim() ?? "";
    await shown.getByRole("button", { name: "I have copied it" }).click();
    expect(await page.content()).not.toContain(code);

    const workspace = await createAgentWorkspace({ code, baseUrl: holdpoint.url });
    const hp = new Holdpoint({ agentKey: workspace });
    await hp.gate.execute("create-ticket", { queue: "support", subject: "By its own key" });
    expect(desk.tickets).toContain("By its own key");
    await page.reload();
    await page.getByRole("button", { name: /^Revoke key .* of field-agent/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke key" }).click();
    const keys = page.getByRole("list", { name: "Keys of field-agent" });
    await keys.getByText(/revoked/).waitFor();
    const more = { queue: "support", subject: "Without a key" };
    await expect(hp.gate.execute("create-ticket", more)).rejects.toThrow();
  });
});

describeInBrowser("the gate of an empty project", (browser) => {
  test("says how to add an action, and that nobody is connected", async () => {
    await using holdpoint = await serveControlPlane({ dashboard: true });
    const page = await browser.open();
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/actions`);
    await page.getByText("holdpoint actions add github-issue").waitFor();
    await page.getByRole("link", { name: "Leases" }).click();
    await page.getByRole("heading", { name: "No agent is connected" }).waitFor();
  });
});
