import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { addWebhook, fillWithRequests } from "../harness/examples.js";
import { fillWithGate, type HelpDesk, startHelpDesk } from "../harness/gate.js";
import { signIn } from "../harness/people.js";
import { askForServers, fillWithPurchases } from "../harness/purchases.js";
import { fillWithShield, flood, watchedPath } from "../harness/watched.js";

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly target: unknown }[];
}

async function findSeriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    "axe.run().then((result) => result.violations)",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** Waits until a text is nowhere on the page, however often it was. */
async function expectGone(page: Page, text: RegExp): Promise<void> {
  await expect.poll(() => page.getByText(text).count(), { timeout: 10_000 }).toBe(0);
}

/** What is folded away has to be as good as what is in view. */
async function unfold(page: Page): Promise<void> {
  const main = page.locator("main");
  for (const fold of await main.locator("button[aria-expanded]:not([aria-haspopup])").all()) {
    await fold.click();
  }
  await main.evaluate((content) => {
    for (const fold of content.querySelectorAll("details")) fold.open = true;
  });
}

/** Of one test, which goes through every page. */
const TIMEOUT_MS = 180_000;

const places = [
  "inbox",
  "request",
  "decided",
  "encrypted",
  "history",
  "budgets",
  "purchases",
  "purchase",
  "spendPolicies",
  "actions",
  "action",
  "leases",
  "agents",
  "policy",
  "heldCall",
  "call",
  "shield",
  "baseline",
  "departure",
  "keys",
  "webhooks",
  "operators",
  "tokens",
] as const;

describeInBrowser("every page", (browser) => {
  let holdpoint: ServedControlPlane;
  let desk: HelpDesk;
  let paths: Readonly<Record<(typeof places)[number], string>>;
  beforeAll(async () => {
    desk = await startHelpDesk();
    holdpoint = await serveControlPlane({
      dashboard: true,
      allowLoopbackWebhooks: true,
      allowPrivateEgress: true,
    });
    // Nobody listens there: deliveries under way are a page's longest rows.
    await addWebhook(holdpoint, "http://127.0.0.1:9/holdpoint");
    const made = await fillWithRequests(holdpoint);
    const { buyer } = await fillWithPurchases(holdpoint);
    const calls = await fillWithGate(holdpoint, desk);
    const { held: departure } = await fillWithShield(holdpoint);
    await flood(holdpoint);
    paths = {
      inbox: "/",
      request: `/requests/${made.form}`,
      decided: `/requests/${made.decided}`,
      encrypted: `/requests/${made.encrypted}`,
      history: "/history",
      budgets: "/spend",
      purchases: "/spend/purchases",
      purchase: `/requests/${await askForServers(buyer.hp)}`,
      spendPolicies: "/spend/policies",
      actions: "/actions",
      action: "/actions/create-ticket",
      leases: "/leases",
      agents: "/agents",
      policy: "/policies",
      heldCall: `/requests/${calls.held}`,
      call: `/requests/${calls.ran}`,
      shield: "/shield",
      baseline: watchedPath,
      departure: `/requests/${departure}`,
      keys: "/keys",
      webhooks: "/webhooks",
      operators: "/operators",
      tokens: "/tokens",
    };
  });
  afterAll(async () => {
    await holdpoint?.[Symbol.asyncDispose]();
    await desk?.[Symbol.asyncDispose]();
  });

  async function settle(page: Page, path: string): Promise<void> {
    await page.goto(`${holdpoint.url}${path}`);
    await page.locator("main").getByRole("heading", { level: 1 }).first().waitFor();
    await expectGone(page, /^Loading/);
    await unfold(page);
    await expectGone(page, /^Loading/);
  }

  describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
    test("[S-ACCESSIBLE] has no serious fault", { timeout: TIMEOUT_MS }, async () => {
      const page = await browser.open({ colorScheme, reducedMotion: "reduce" });
      await page.goto(`${holdpoint.url}/sign-in`);
      await page.getByRole("heading").waitFor();
      const faults: Record<string, string[]> = { signIn: await findSeriousFaults(page) };
      await signIn(page, holdpoint);
      for (const place of places) {
        await settle(page, paths[place]);
        faults[place] = await findSeriousFaults(page);
      }
      const clean = Object.fromEntries(Object.keys(faults).map((place) => [place, []]));
      expect(faults).toEqual(clean);
    });
  });

  test("[S-PHONE] fits a phone of 390 px: nothing scrolls sideways", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const page = await browser.open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await signIn(page, holdpoint);
    const overflow: Record<string, number> = {};
    for (const place of places) {
      await settle(page, paths[place]);
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (wider > 0) overflow[place] = wider;
    }
    expect(overflow).toEqual({});
  });
});
