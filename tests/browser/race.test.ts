import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { invite, openRequest, signIn } from "../harness/people.js";

const deploy = { service: "deployer", action: "deploy", payload: { version: "2.4.0" } };

describeInBrowser("two people at two browsers", (browser) => {
  let holdpoint: ServedControlPlane;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  test("[G1] race to decide: one wins, the other is told who", async () => {
    const [ada, grace] = [await browser.open(), await browser.open()];
    await signIn(ada, holdpoint);
    await signIn(grace, holdpoint, await invite(holdpoint, "Grace Hopper", ["approver"]));
    const hp = holdpoint.client();
    const { id } = await hp.defer(deploy);
    await Promise.all([openRequest(ada, holdpoint, id), openRequest(grace, holdpoint, id)]);

    // Both answers are on their way before either is answered.
    const held: (() => void)[] = [];
    for (const page of [ada, grace]) {
      await page.route("**/decision", async (route) => {
        await new Promise<void>((resolve) => {
          held.push(resolve);
          if (held.length === 2) for (const release of held) release();
        });
        await route.continue();
      });
    }
    await ada.getByRole("button", { name: "Approve as sent" }).click();
    await grace.getByRole("button", { name: "Reject…" }).click();
    await grace
      .getByRole("dialog")
      .getByRole("button", { name: "Reject request", exact: true })
      .click();

    const decision = await hp.wait(id);
    const adaWon = decision.status === "APPROVED";
    expect(decision.decidedBy.name).toBe(adaWon ? "Ada Lovelace" : "Grace Hopper");
    const [winner, loser] = adaWon ? [ada, grace] : [grace, ada];
    const outcome = adaWon ? "approved by Ada Lovelace" : "rejected by Grace Hopper";
    await loser.getByText(`Already ${outcome}`).waitFor();
    await winner.getByText(`${outcome} (you)`, { exact: false }).first().waitFor();
    expect(await winner.getByText("Your answer was not taken").count()).toBe(0);
  });

  test("[S-LIVE] what one decides, the other sees without a reload", async () => {
    const [ada, grace] = [await browser.open(), await browser.open()];
    await signIn(ada, holdpoint);
    await signIn(grace, holdpoint, await invite(holdpoint, "Mary Jackson", ["approver"]));
    const { id } = await holdpoint.client().defer(deploy);
    await Promise.all([openRequest(ada, holdpoint, id), openRequest(grace, holdpoint, id)]);
    await ada.getByRole("button", { name: "Approve as sent" }).click();
    const decision = grace.getByRole("region", { name: "Decision" });
    await decision.getByText("Approved by Ada Lovelace").waitFor();
    expect(await grace.getByRole("button", { name: /^Approve/ }).count()).toBe(0);
  });

  test("a request routed to a role is decided by that role only", async () => {
    const page = await browser.open();
    await signIn(page, holdpoint, await invite(holdpoint, "Katherine Johnson", ["approver"]));
    const { id } = await holdpoint.client().defer({ ...deploy, role: "finance" });
    await openRequest(page, holdpoint, id);
    await page.getByText("Waiting for somebody else").waitFor();
    expect(await page.getByRole("button", { name: /^Approve/ }).count()).toBe(0);
    await holdpoint.decide(id, { decision: "approve" });
    const decision = page.getByRole("region", { name: "Decision" });
    await decision.getByText("Approved by Ada Lovelace").waitFor();
  });
});
