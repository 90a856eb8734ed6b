// Writes docs/images from the real dashboard over the real server, with requests as a real inbox
// might hold them. Run: pnpm --filter @holdpoint/tests run screenshots [part of a name]
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import type { Clock } from "@holdpoint/server";
import type { Browser, Page } from "playwright-core";
import { findChromium, launchChromium } from "./harness/chromium.js";
import { type ServedControlPlane, serveControlPlane } from "./harness/control-plane.js";
import { addWebhook, exampleEncryptionKey, fillWithRequests } from "./harness/examples.js";
import { fillWithGate, startHelpDesk } from "./harness/gate.js";
import { invite, loadKey, openRequest, rowOf, signIn } from "./harness/people.js";
import { administer, askForServers, fillWithPurchases } from "./harness/purchases.js";
import { fillWithShield, flood, watchedPath } from "./harness/watched.js";

const target = fileURLToPath(new URL("../docs/images/", import.meta.url));
/** Only pictures with this in their names. */
const [, , wanted = ""] = process.argv;
const desk = { width: 1_280, height: 800 };
const phone = { width: 390, height: 844 };

/** What {@link fillWithPurchases} and {@link fillWithRequests} let pass, and two minutes to now. */
const BILLS_AND_REQUESTS_MINUTES = 30_240 + 46 + 2;

type Made = Awaited<ReturnType<typeof fillWithRequests>> & {
  readonly held: string;
  readonly purchase: string;
  readonly paid: string;
  /** Made after the first pictures. */
  departure?: string;
};

interface Picture {
  readonly name: string;
  readonly viewport: typeof desk;
  readonly themes: readonly ("light" | "dark")[];
  readonly show: (page: Page, holdpoint: ServedControlPlane, made: Made) => Promise<void>;
}

const both = ["light", "dark"] as const;
const pictures: readonly Picture[] = [
  { name: "inbox", viewport: desk, themes: both, show: showInbox },
  {
    name: "request-form",
    viewport: desk,
    themes: both,
    show: async (page, holdpoint, { form }) => {
      await openRequest(page, holdpoint, form);
      await page.getByLabel("amount").waitFor();
    },
  },
  { name: "request-diff", viewport: desk, themes: both, show: showDiff },
  { name: "request-encrypted", viewport: desk, themes: both, show: showEncrypted },
  { name: "phone-inbox", viewport: phone, themes: both, show: showInbox },
  { name: "phone-request", viewport: phone, themes: both, show: showDiff },
  { name: "spend", viewport: desk, themes: both, show: showBudgets },
  { name: "phone-spend", viewport: phone, themes: both, show: showBudgets },
  { name: "purchase", viewport: desk, themes: both, show: showPurchase },
  { name: "phone-purchase", viewport: phone, themes: both, show: showPurchase },
  {
    name: "purchases",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint, { paid }) => {
      await page.goto(`${holdpoint.url}/spend/purchases`);
      await rowOf(page, paid).waitFor();
    },
  },
  { name: "spend-policy", viewport: desk, themes: both, show: showPolicy },
  { name: "phone-spend-policy", viewport: phone, themes: ["light"], show: showPolicy },
  {
    name: "history",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint, { decided }) => {
      await page.goto(`${holdpoint.url}/history`);
      await rowOf(page, decided).waitFor();
    },
  },
  {
    name: "request-executed",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint, { decided }) => {
      await openRequest(page, holdpoint, decided);
      await page.getByText("re_1037").waitFor();
    },
  },
  {
    name: "webhooks",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint) => {
      await page.goto(`${holdpoint.url}/webhooks`);
      await page.getByRole("list", { name: "Deliveries" }).waitFor();
    },
  },
  {
    name: "keys",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint) => {
      await page.goto(`${holdpoint.url}/keys`);
      await page.getByText("treasury-agent").first().waitFor();
    },
  },
  { name: "gate-call", viewport: desk, themes: both, show: showHeldCall },
  { name: "phone-gate-call", viewport: phone, themes: ["light"], show: showHeldCall },
  {
    name: "actions",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint) => {
      await page.goto(`${holdpoint.url}/actions`);
      await page.getByRole("list", { name: "Actions" }).waitFor();
    },
  },
  { name: "leases", viewport: desk, themes: both, show: showLeases },
  {
    name: "agents",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint) => {
      await page.goto(`${holdpoint.url}/agents`);
      await page.getByText("1 of 200 calls today").waitFor();
    },
  },
  { name: "policy", viewport: desk, themes: both, show: showCedar },
];

/** Of the shield, with what {@link fillWithShield} makes beside all the rest. */
const shieldPictures: readonly Picture[] = [
  {
    name: "shield",
    viewport: desk,
    themes: both,
    show: async (page, holdpoint) => {
      await page.goto(`${holdpoint.url}/shield`);
      await page.getByRole("list", { name: "Services" }).getByText("Enforcing").waitFor();
    },
  },
  { name: "shield-graph", viewport: desk, themes: both, show: showGraph },
  { name: "phone-shield-graph", viewport: phone, themes: both, show: showGraph },
  { name: "shield-mode", viewport: desk, themes: both, show: showMode },
  { name: "phone-shield-mode", viewport: phone, themes: ["light"], show: showMode },
  { name: "shield-anomalies", viewport: desk, themes: ["light"], show: showAnomalies },
  { name: "shield-request", viewport: desk, themes: both, show: showDeparture },
  { name: "phone-shield-request", viewport: phone, themes: ["light"], show: showDeparture },
];

/** Of the inbox, with what {@link flood} makes. */
const floodPictures: readonly Picture[] = [
  { name: "shield-inbox", viewport: desk, themes: both, show: showGroup },
  { name: "phone-shield-inbox", viewport: phone, themes: ["light"], show: showGroup },
  {
    name: "notifications",
    viewport: desk,
    themes: ["light"],
    show: async (page) => {
      await showGroup(page);
      await page.getByRole("button", { name: /^Notifications/ }).click();
      await page.getByRole("switch").waitFor();
    },
  },
  {
    name: "shield-suggestion",
    viewport: desk,
    themes: ["light"],
    show: async (page, holdpoint) => {
      await page.goto(`${holdpoint.url}/policies`);
      await page.getByRole("link", { name: "Look at it" }).first().click();
      await page.getByRole("region", { name: "Suggestion" }).waitFor();
      await page.getByRole("list", { name: "Statements" }).waitFor();
    },
  },
];

/** Last, for what waits is as good as over then. */
const frozenPictures: readonly Picture[] = [
  { name: "phone-frozen", viewport: phone, themes: ["light"], show: showFrozen },
  { name: "frozen", viewport: desk, themes: both, show: showFrozen },
];

/** Listens until this program ends. */
async function startReceiver(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end());
  });
  server.unref().listen(8_787, "127.0.0.1");
  await once(server, "listening");
  return "http://127.0.0.1:8787/holdpoint";
}

const binary = await findChromium();
if (binary === undefined) throw new Error("There is no Chromium. Set CHROMIUM_PATH.");
await mkdir(target, { recursive: true });
const browser = await launchChromium(binary);
try {
  // The requests were made over the last hour, and the bills paid over the three weeks before, as
  // far as the control plane knows.
  let lagMs = BILLS_AND_REQUESTS_MINUTES * 60_000;
  const clock: Clock = {
    now: () => Date.now() - lagMs,
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, 2_147_483_647));
      return () => clearTimeout(timer);
    },
  };
  const allowLoopbackWebhooks = true;
  await using holdpoint = await serveControlPlane({
    dashboard: true,
    clock,
    allowLoopbackWebhooks,
    allowPrivateEgress: true,
  });
  await using helpDesk = await startHelpDesk();
  await addWebhook(holdpoint, await startReceiver());
  const grace = await invite(holdpoint, "Grace Hopper", ["approver", "finance"]);
  const pass = (minutes: number) => {
    lagMs -= minutes * 60_000;
  };
  const { buyer, paid } = await fillWithPurchases(holdpoint, pass);
  const requests = await fillWithRequests(holdpoint, pass);
  const purchase = await askForServers(buyer.hp);
  pass(1);
  await approveAs(holdpoint, grace, purchase);
  lagMs = 0;
  const { held } = await fillWithGate(holdpoint, helpDesk);
  const made: Made = { ...requests, purchase, paid, held };
  const takeAll = async (all: readonly Picture[]) => {
    for (const picture of all.filter(({ name }) => name.includes(wanted))) {
      for (const theme of picture.themes) await take(browser, picture, theme, holdpoint, made);
    }
  };
  await takeAll(pictures);
  made.departure = (await fillWithShield(holdpoint)).held;
  await takeAll(shieldPictures);
  await flood(holdpoint);
  await takeAll(floodPictures);
  await takeAll(frozenPictures);
} finally {
  await browser.close();
}

/** The first of two approvals, so that it can be seen who has given one. */
async function approveAs(
  holdpoint: ServedControlPlane,
  operatorId: string,
  requestId: string,
): Promise<void> {
  const { admin } = holdpoint.plane;
  const { token } = await admin.createOperatorToken(holdpoint.projectId, operatorId, { name: "t" });
  const response = await fetch(`${holdpoint.url}/v1/requests/${requestId}/decision`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ decision: "approve", revision: 1 }),
  });
  if (!response.ok) throw new Error(`Not approved: ${await response.text()}`);
}

async function take(
  browser: Browser,
  { name, viewport, show }: Picture,
  theme: "light" | "dark",
  holdpoint: ServedControlPlane,
  made: Made,
): Promise<void> {
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    reducedMotion: "reduce",
    deviceScaleFactor: 1.5,
    isMobile: viewport === phone,
    hasTouch: viewport === phone,
  });
  const page = await context.newPage();
  // As in a browser nobody has asked yet; one without a window has always refused.
  await page.addInitScript(() => {
    Object.defineProperty(Notification, "permission", { value: "default" });
  });
  await signIn(page, holdpoint);
  await show(page, holdpoint, made);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${target}${name}-${theme}.png` });
  console.log(`docs/images/${name}-${theme}.png`);
  await context.close();
}

async function showInbox(page: Page, _holdpoint: ServedControlPlane, { sql }: Made): Promise<void> {
  await rowOf(page, sql).waitFor();
  await page.getByText("Encrypted payload").waitFor();
}

async function showDiff(page: Page, holdpoint: ServedControlPlane, { form }: Made): Promise<void> {
  await openRequest(page, holdpoint, form);
  const payload = page.getByRole("region", { name: "Payload" });
  await payload.getByLabel("amount").fill("5000");
  await payload.getByLabel("method").selectOption({ label: "voucher" });
  const changes = page.getByRole("list", { name: "Your changes" });
  await changes.getByText("/method").waitFor();
  // At the desk both stand side by side; on the phone the decision follows the payload.
  if (page.viewportSize()?.width === phone.width) await changes.scrollIntoViewIfNeeded();
  else await page.locator("main").evaluate((main) => main.scrollTo(0, 0));
}

async function showEncrypted(
  page: Page,
  holdpoint: ServedControlPlane,
  { encrypted }: Made,
): Promise<void> {
  await openRequest(page, holdpoint, encrypted);
  await page.getByRole("button", { name: "Load encryption key…" }).click();
  await loadKey(page, exampleEncryptionKey);
  await page.getByText("DECRYPTED").waitFor();
  await page.getByLabel("IBAN").waitFor();
}

async function showBudgets(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await page.goto(`${holdpoint.url}/spend`);
  const agent = page.getByRole("region", { name: "Agent procurement-agent" });
  await agent.getByRole("button", { name: /Budget/ }).click();
  await agent.getByText(/^At the pace of/).waitFor();
  if (page.viewportSize()?.width === phone.width) await agent.evaluate((at) => at.scrollIntoView());
}

async function showPurchase(
  page: Page,
  holdpoint: ServedControlPlane,
  { purchase }: Made,
): Promise<void> {
  await openRequest(page, holdpoint, purchase);
  await page.getByRole("region", { name: "Purchase" }).getByText("Build Hosting GmbH").waitFor();
  await page.getByLabel("Amount").waitFor();
}

async function showHeldCall(
  page: Page,
  holdpoint: ServedControlPlane,
  { held }: Made,
): Promise<void> {
  await openRequest(page, holdpoint, held);
  await page.getByRole("region", { name: "Plan" }).getByText("api.github.com").first().waitFor();
  await page.getByLabel("title").waitFor();
}

async function showLeases(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await page.goto(`${holdpoint.url}/leases`);
  await page.getByRole("list", { name: "Leases of service-desk-agent" }).waitFor();
}

async function showCedar(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await page.goto(`${holdpoint.url}/policies`);
  await page.getByRole("list", { name: "Statements" }).getByText("never-drop-tables").waitFor();
  await page.getByRole("button", { name: "Try against past requests" }).click();
  await page.getByRole("row", { name: /^Denied/ }).waitFor();
}

async function showGraph(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await page.goto(`${holdpoint.url}${watchedPath}`);
  const graph = page.getByRole("region", { name: "Execution graph" });
  await graph
    .getByRole("status", { name: "The step in view" })
    .getByText("Held by the shield")
    .waitFor();
  await graph.locator(".react-flow__edgelabel-renderer").getByText("never").waitFor();
  await graph.evaluate((at) => at.scrollIntoView());
}

async function showMode(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await page.goto(`${holdpoint.url}${watchedPath}`);
  await page.getByRole("region", { name: "Mode" }).getByText("waits for a person").waitFor();
  await page.locator(".react-flow__edgelabel-renderer").getByText("never").waitFor();
}

async function showAnomalies(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await page.goto(`${holdpoint.url}${watchedPath}`);
  await page.getByRole("button", { name: "Usual: delete_branch", exact: true }).waitFor();
  await page.locator(".react-flow__edgelabel-renderer").getByText("never").waitFor();
  await page.getByRole("region", { name: "Anomalies" }).evaluate((at) => at.scrollIntoView());
}

async function showDeparture(
  page: Page,
  holdpoint: ServedControlPlane,
  { departure = "" }: Made,
): Promise<void> {
  await openRequest(page, holdpoint, departure);
  const verdict = page.getByRole("region", { name: "Shield", exact: true });
  await verdict.getByText("Held by the shield").waitFor();
}

async function showGroup(page: Page): Promise<void> {
  await page.getByRole("listitem").filter({ hasText: "14 of one shape" }).waitFor();
  await page.getByRole("list", { name: "Suggestions for the policy" }).waitFor();
}

async function showFrozen(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await administer(holdpoint, "PUT", "/v1/authority", {
    frozen: true,
    reason: "The service desk writes the same ticket again and again.",
  });
  await page.goto(`${holdpoint.url}/actions`);
  await page.getByRole("list", { name: "Actions" }).waitFor();
  await page.getByRole("alert").getByRole("button", { name: "Thaw…" }).waitFor();
}

async function showPolicy(page: Page, holdpoint: ServedControlPlane): Promise<void> {
  await page.goto(`${holdpoint.url}/spend/policies`);
  await page.getByLabel("A day", { exact: true }).fill("150.00");
  await page.getByRole("button", { name: /^Try against/ }).click();
  await page.getByRole("row").first().waitFor();
  if (page.viewportSize()?.width === phone.width) {
    await page.getByRole("region", { name: "What it means" }).evaluate((at) => at.scrollIntoView());
  } else await page.locator("main").evaluate((main) => main.scrollTo(0, 0));
}
