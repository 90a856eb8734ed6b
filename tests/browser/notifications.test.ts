import type { Priority } from "@holdpoint/protocol";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { invite, rowOf, signIn } from "../harness/people.js";

const canary = "canary-7f21d4";
const change = { service: "deploy", action: "apply_terraform", priority: "critical" } as const;
const offer = { service: "crm", action: "send_offer" } as const;

interface Shape {
  readonly service: string;
  readonly action: string;
  readonly priority?: Priority;
  readonly role?: string;
}

interface Recorded {
  readonly title: string;
  readonly options: NotificationOptions;
}

declare global {
  var notificationsMade: Recorded[];
  var notificationsAlive: Map<string, Notification>;
  /** Whether somebody looks at the page, and how often it has been told whether anybody does. */
  var attention: { hidden: boolean; focused: boolean; told: number };
}

/**
 * Runs in the page before anything of it: notes what it makes of the browser's own notifications.
 * Where Chromium has no screen it says that they are denied, whatever was granted, and shows none;
 * and Playwright has each page think that it is in front and has the focus.
 */
function preparePage(): void {
  globalThis.attention = { hidden: false, focused: true, told: 0 };
  const { attention } = globalThis;
  Object.defineProperty(document, "visibilityState", {
    get: () => (attention.hidden ? "hidden" : "visible"),
  });
  document.hasFocus = () => attention.focused;
  const query = LockManager.prototype.query;
  LockManager.prototype.query = async function () {
    const held = await query.call(this);
    attention.told += 1;
    return held;
  };
  globalThis.notificationsMade = [];
  globalThis.notificationsAlive = new Map();
  const alive = globalThis.notificationsAlive;
  globalThis.Notification = class extends globalThis.Notification {
    static override get permission(): NotificationPermission {
      return "granted";
    }
    constructor(title: string, options: NotificationOptions = {}) {
      super(title, options);
      this.addEventListener("error", (event) => event.stopImmediatePropagation());
      globalThis.notificationsMade.push({ title, options });
      alive.set(this.tag, this);
    }
    override close() {
      if (alive.get(this.tag) === this) alive.delete(this.tag);
      super.close();
    }
  };
}

describeInBrowser("notifications", (browser) => {
  let holdpoint: ServedControlPlane;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  async function open(operatorId?: string): Promise<Page> {
    const page = await browser.open({ permissions: ["notifications"] });
    await page.addInitScript(preparePage);
    await signIn(page, holdpoint, operatorId);
    return page;
  }
  /** Another tab of the same browser. */
  async function openBeside(page: Page): Promise<Page> {
    const other = await page.context().newPage();
    await other.addInitScript(preparePage);
    await other.goto(holdpoint.url);
    await hasLooked(other, 1);
    return other;
  }
  const bell = (page: Page) => page.getByRole("button", { name: /^Notifications/ });
  const toggle = (page: Page) =>
    page.getByRole("switch", { name: "Notifications in this browser" });
  async function turnOn(page: Page): Promise<void> {
    await bell(page).click();
    await toggle(page).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Notifications: on" }).waitFor();
    await hasLooked(page, 1);
  }
  /** Until it has looked through what waits so many times, each time for something new. */
  const hasLooked = (page: Page, times: number) =>
    page.waitForFunction((wanted) => globalThis.attention.told >= wanted, times);
  const leave = (page: Page) =>
    page.evaluate(() => {
      Object.assign(globalThis.attention, { focused: false });
      window.dispatchEvent(new Event("blur"));
    });
  const alive = (page: Page) =>
    page.evaluate(() => [...globalThis.notificationsAlive.values()].map(({ title }) => title));
  const click = (page: Page, title: string) =>
    page.evaluate((wanted) => {
      const all = [...globalThis.notificationsAlive.values()];
      all.find((each) => each.title === wanted)?.dispatchEvent(new Event("click"));
    }, title);
  async function ask(count: number, shape: Shape): Promise<string[]> {
    const hp = holdpoint.client();
    const asks = Array.from({ length: count }, (_, index) =>
      hp.defer({ ...shape, payload: { to: `${canary}-${index}` } }),
    );
    return (await Promise.all(asks)).map(({ id }) => id);
  }
  const reject = (ids: readonly string[]) =>
    Promise.all(ids.map((id) => holdpoint.decide(id, { decision: "reject" })));

  test("[P-SHIELD-NOTIFIES] a flood is one for each shape, the riskiest first, and none once it is decided", async () => {
    const page = await open();
    await turnOn(page);
    await page.evaluate(() => {
      Object.assign(globalThis.attention, { hidden: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    // What comes is looked at when all of it has come.
    let letThrough = () => {};
    const come = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route("**/v1/requests?*", async (route) => {
      await come;
      // Later events have called off what an earlier one had begun.
      await route.continue().catch(() => undefined);
    });
    const ids = [...(await ask(30, offer)), ...(await ask(20, change))];
    letThrough();
    await expect
      .poll(() => alive(page), { timeout: 10_000 })
      .toEqual(["20 × deploy · apply_terraform", "30 × crm · send_offer"]);
    const made = await page.evaluate(() => globalThis.notificationsMade);
    expect(new Set(made.map(({ options: { tag } }) => tag)).size).toBe(2);
    expect(made.map(({ options }) => options.requireInteraction)).toEqual([true, false]);
    expect(made[0]?.options.body).toMatch(
      /^up to critical priority · billing-bot · the oldest waits since /,
    );
    expect(await page.title()).toBe("(50) Inbox · Holdpoint");

    await reject(ids.slice(1));
    await expect.poll(() => alive(page), { timeout: 10_000 }).toEqual(["crm · send_offer"]);
    await reject(ids.slice(0, 1));
    await expect.poll(() => alive(page), { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => page.title()).toBe("Inbox · Holdpoint");
    const all = JSON.stringify(await page.evaluate(() => globalThis.notificationsMade));
    expect(all).not.toMatch(new RegExp(`${canary}|sha256`));
  });

  test("[P-SHIELD-NOTIFIES] nobody is told of what they see come, or of what was there before", async () => {
    const before = await ask(1, { service: "crm", action: "was-there" });
    const page = await open();
    await turnOn(page);
    const seen = await ask(1, { service: "crm", action: "seen" });
    await rowOf(page, seen[0] as string).waitFor();
    await hasLooked(page, 2);
    await leave(page);
    const missed = await ask(1, { service: "crm", action: "missed" });
    await expect.poll(() => alive(page), { timeout: 10_000 }).toEqual(["crm · missed"]);
    const titles = await page.evaluate(() =>
      globalThis.notificationsMade.map(({ title }) => title),
    );
    expect(titles).toEqual(["crm · missed"]);
    await reject([...before, ...seen, ...missed]);
  });

  test("[P-SHIELD-NOTIFIES] a tab in the background tells nothing of what is seen in another one", async () => {
    const page = await open();
    await turnOn(page);
    const background = await openBeside(page);
    await leave(background);
    const seen = await ask(1, { service: "crm", action: "seen" });
    await Promise.all([page, background].map((tab) => hasLooked(tab, 2)));
    await leave(page);
    const missed = await ask(1, { service: "crm", action: "missed" });
    for (const tab of [page, background]) {
      await expect.poll(() => alive(tab), { timeout: 10_000 }).toEqual(["crm · missed"]);
    }
    await reject([...seen, ...missed]);
  });

  test("[P-SHIELD-NOTIFIES] what comes behind a long queue is told of all the same", async () => {
    const queue = await ask(101, offer);
    const page = await open();
    await turnOn(page);
    await leave(page);
    const late = await ask(1, { service: "crm", action: "late", priority: "low" });
    await expect.poll(() => alive(page), { timeout: 10_000 }).toEqual(["1+ × crm · late"]);
    await reject([...queue, ...late]);
  });

  test("[P-SHIELD-NOTIFIES] a click leads to the request, or to the inbox with the group opened", async () => {
    const page = await open();
    await turnOn(page);
    await leave(page);
    const [one] = await ask(1, change);
    await expect.poll(() => alive(page), { timeout: 10_000 }).toEqual(["deploy · apply_terraform"]);
    await click(page, "deploy · apply_terraform");
    await page.waitForURL(`**/requests/${one}`);
    expect(await alive(page)).toEqual([]);

    const two = await ask(2, offer);
    await expect.poll(() => alive(page), { timeout: 10_000 }).toEqual(["2 × crm · send_offer"]);
    await click(page, "2 × crm · send_offer");
    const group = page.getByRole("listitem").filter({ hasText: "2 of one shape" });
    await group.getByRole("button", { name: /send_offer/, expanded: true }).waitFor();
    await rowOf(page, two[1] as string).waitFor();
    await reject([one as string, ...two]);
  });

  test("[P-SHIELD-NOTIFIES] is off until somebody turns it on, for what they may decide, in this browser", async () => {
    const joan = await invite(holdpoint, "Joan Clarke", ["approver"]);
    const page = await open(joan);
    await bell(page).click();
    expect(await toggle(page).getAttribute("aria-checked")).toBe("false");
    await page.keyboard.press("Escape");
    await turnOn(page);
    await page.reload();
    await page.getByRole("button", { name: "Notifications: on" }).waitFor();
    await hasLooked(page, 1);
    await leave(page);
    const finance = await ask(1, { ...change, role: "finance" });
    const own = await ask(1, offer);
    await expect.poll(() => alive(page), { timeout: 10_000 }).toEqual(["crm · send_offer"]);

    await bell(page).click();
    await toggle(page).click();
    await page.getByRole("button", { name: "Notifications: off" }).waitFor();
    expect(await alive(page)).toEqual([]);
    await reject([...finance, ...own]);
  });

  test("says what to do where the browser has blocked them", async () => {
    const page = await browser.open();
    const session = await page.context().newCDPSession(page);
    const permission = { name: "notifications" };
    await session.send("Browser.setPermission", { permission, setting: "denied" });
    await signIn(page, holdpoint);
    await page.getByRole("button", { name: "Notifications: not possible here" }).click();
    await page.getByText("This browser has blocked them").waitFor();
    await page.getByText(`Allow notifications for ${new URL(holdpoint.url).host}`).waitFor();
    expect(await toggle(page).isDisabled()).toBe(true);
  });
});
