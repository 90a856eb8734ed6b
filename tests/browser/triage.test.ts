import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { rowOf, signIn } from "../harness/people.js";

const priorities = ["critical", "high", "medium", "low"] as const;

/** The action whose row has the focus. */
function focusedAction(page: Page): Promise<string | undefined> {
  return page.evaluate(
    () =>
      document.activeElement
        ?.closest("[data-request]")
        ?.querySelector("a")
        ?.textContent?.split(" ")[0],
  );
}

describeInBrowser("triage", (browser) => {
  let holdpoint: ServedControlPlane;
  let page: Page;
  let ids: readonly string[] = [];
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    const hp = holdpoint.client();
    const left = await hp.requests.list({ status: "PENDING" });
    await Promise.all(left.data.map(({ id }) => hp.requests.cancel(id)));
    // Made in the order of their urgency backwards, so that sorting shows.
    const made: string[] = [];
    for (const priority of [...priorities].reverse()) {
      const { id } = await hp.defer({
        service: "ops",
        action: `${priority}-action`,
        priority,
        payload: { target: priority },
      });
      made.unshift(id);
    }
    ids = made;
    page = await browser.open();
    await signIn(page, holdpoint);
    await rowOf(page, ids[3] as string).waitFor();
  });

  test("[S-TRIAGE] the inbox is sorted by urgency, and j and k walk it", async () => {
    const actions = await page.locator("li[data-request] a").allInnerTexts();
    expect(actions.map((text) => text.trim().split(/\s/)[0])).toEqual(
      priorities.map((priority) => `${priority}-action`),
    );
    await page.keyboard.press("j");
    expect(await focusedAction(page)).toBe("critical-action");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await focusedAction(page)).toBe("medium-action");
    await page.keyboard.press("k");
    expect(await focusedAction(page)).toBe("high-action");
  });

  test("[S-TRIAGE] a approves after showing what runs, r rejects with a reason", async () => {
    const hp = holdpoint.client();
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    const approval = page.getByRole("dialog", { name: "Approve request" });
    await approval.getByText('"critical"').or(approval.getByText("critical")).first().waitFor();
    await approval
      .getByRole("button", { name: "Approve request" })
      .and(page.locator(":enabled"))
      .waitFor();
    await page.keyboard.press("Enter");
    expect(await hp.wait(ids[0] as string)).toMatchObject({ status: "APPROVED" });
    await approval.waitFor({ state: "hidden" });

    await rowOf(page, ids[1] as string)
      .getByRole("link")
      .focus();
    await page.keyboard.press("r");
    const rejection = page.getByRole("dialog", { name: "Reject request" });
    await rejection.getByLabel("Reason").fill("Not tonight.");
    await rejection.getByRole("button", { name: "Reject request" }).click();
    expect(await hp.wait(ids[1] as string)).toMatchObject({
      status: "REJECTED",
      reason: "Not tonight.",
    });
  });

  test("[S-TRIAGE] e edits, ? helps, u goes back", async () => {
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard" });
    await help.getByText("Next or previous request").waitFor();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });

    await page.keyboard.press("j");
    await page.keyboard.press("e");
    await page.waitForURL(/\/requests\/req_/);
    await page.getByRole("region", { name: "Decision" }).waitFor();
    await page.getByRole("heading", { name: "critical-action" }).click();
    await page.keyboard.press("u");
    await page.getByRole("heading", { name: "Inbox", exact: true }).waitFor();
  });

  test("[S-TRIAGE] several are approved at once, after a list of what will run", async () => {
    const hp = holdpoint.client();
    for (const id of ids.slice(0, 3)) await rowOf(page, id).getByRole("checkbox").check();
    await page.getByRole("toolbar", { name: "Selection" }).getByText("3 selected").waitFor();
    await page.getByRole("button", { name: "Approve selected…" }).click();
    const dialog = page.getByRole("dialog", { name: "Approve 3 requests" });
    const list = dialog.getByRole("list", { name: "What will be decided" });
    await list.getByText("medium-action").waitFor();
    expect(await list.getByRole("listitem").count()).toBeGreaterThanOrEqual(3);
    await dialog.getByRole("button", { name: "Approve 3 requests" }).click();
    await dialog.waitFor({ state: "hidden" });
    const answers = await Promise.all(ids.slice(0, 3).map((id) => hp.wait(id)));
    expect(answers.map(({ status }) => status)).toEqual(["APPROVED", "APPROVED", "APPROVED"]);
    expect((await hp.requests.get(ids[3] as string)).status).toBe("PENDING");
  });
});
