import type { WireList } from "@holdpoint/protocol";
import type { WirePolicy } from "@holdpoint/protocol/policy";
import type { Holdpoint } from "@holdpoint/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { invite, openRequest, rowOf, signIn } from "../harness/people.js";
import { administer } from "../harness/purchases.js";
import {
  allowChanges,
  jump,
  lockBaseline,
  observeRun,
  readRequest,
  readShield,
  SERVICE,
  setSettings,
} from "../harness/shield.js";

describeInBrowser("the shield in the dashboard", (browser) => {
  let holdpoint: ServedControlPlane;
  let hp: Holdpoint;
  let page: Page;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
    hp = holdpoint.client();
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  async function open(path: string, operatorId?: string): Promise<void> {
    page = await browser.open({ locale: "en-GB", reducedMotion: "reduce" });
    await signIn(page, holdpoint, operatorId);
    await page.goto(`${holdpoint.url}${path}`);
  }
  const region = (name: string) => page.getByRole("region", { name, exact: true });
  const steps = () => page.getByRole("list", { name: "Steps of the run" }).getByRole("listitem");
  const modeButton = (name: string) => region("Mode").getByRole("button", { name });

  test("says how to begin, before anything was observed", async () => {
    await open("/shield");
    await page.getByRole("heading", { name: "Nothing is followed yet" }).waitFor();
    await page.getByText("holdpoint.observe(").waitFor();
    await page.getByText("gateTools(").waitFor();
  });

  test("[P-SHIELD-MODES] says how far learning is, and does not enforce before it is locked", async () => {
    observeRun(hp, "first");
    await hp.flush();
    await open("/shield");
    const services = page.getByRole("list", { name: "Services" });
    await services.getByText("1 of 200 runs").waitFor();
    await services.getByRole("link", { name: SERVICE }).click();
    await region("Mode").getByText("Of the 200 runs it needs, 1 have ended.").waitFor();
    expect(await modeButton("Enforcing").isDisabled()).toBe(true);
    expect(await modeButton("Learning").getAttribute("aria-pressed")).toBe("true");
  });

  test("[P-SHIELD-MODES] is enforced by an admin, who sees first what that would have held", async () => {
    await allowChanges(holdpoint);
    await lockBaseline(holdpoint, hp);
    await jump(hp, "told-only");
    await open(`/shield/${SERVICE}`);
    await region("Mode").getByText("Of 1 anomaly, 1 came as asks").waitFor();
    await region("Entropy").getByText("locked", { exact: true }).waitFor();
    await modeButton("Enforcing").click();
    const dialog = page.getByRole("dialog", { name: "Enforce the baseline" });
    await dialog.getByText("Of 1 anomaly, 1 came as asks").waitFor();
    expect((await readShield(holdpoint)).mode).toBe("locked");
    await dialog.getByRole("button", { name: "Enforce the baseline" }).click();
    await dialog.waitFor({ state: "hidden" });
    await region("Mode").getByText("waits for a person").waitFor();
    expect((await readShield(holdpoint)).mode).toBe("enforce");
  });

  test("[P-SHIELD-EXPLAINS] a request it holds says why, and leads to its place in the graph", async () => {
    const id = await jump(hp, "talked-into");
    await open("/");
    await rowOf(page, id).getByText("held by the shield").waitFor();
    await openRequest(page, holdpoint, id);
    const verdict = region("Shield");
    await verdict.getByText("Held by the shield").waitFor();
    const { shield } = await readRequest(holdpoint, id);
    await verdict.getByText(shield?.explanation ?? "none").waitFor();
    await verdict.getByText("Without the shield the policy would have let it run.").waitFor();
    await verdict.getByRole("link", { name: "See it in the graph" }).click();

    const focus = region("In focus");
    await focus.getByRole("button", { name: "apply", exact: true }).waitFor();
    const gone = focus.getByRole("list", { name: "Who went this way" });
    await gone.getByRole("button", { name: "talked-into" }).click();
    await page
      .getByRole("status", { name: "The step in view" })
      .getByText("Held by the shield")
      .waitFor();
    const node = page.locator(".react-flow__node", { hasText: "apply" });
    await node.getByLabel("Anomaly").waitFor();
    await page.locator(".react-flow__edgelabel-renderer").getByText("never").waitFor();
  });

  test("draws a run as it happens, and goes back in time by the arrow keys", async () => {
    const step = { service: SERVICE, runId: "live" };
    hp.observe({ ...step, action: "read_logs", payload: { lines: 1 } });
    await hp.flush();
    await open(`/shield/${SERVICE}`);
    await expect.poll(() => steps().allInnerTexts(), { timeout: 10_000 }).toHaveLength(1);
    hp.observe({ ...step, action: "summarise", payload: { words: 1 } });
    await hp.flush();
    await expect.poll(() => steps().allInnerTexts(), { timeout: 10_000 }).toHaveLength(2);
    await page.getByText("step 2 of 2").waitFor();

    const slider = page.getByRole("slider", { name: "Step" });
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("step 1 of 2").waitFor();
    expect(await slider.getAttribute("aria-valuetext")).toBe("1: read_logs");
    await page
      .getByRole("status", { name: "The step in view" })
      .getByText("read_logs")
      .first()
      .waitFor();
    // Who looks at a step stays there, whatever the run does meanwhile.
    hp.observe({ ...step, action: "open_ticket", payload: { title: "x" }, endsRun: true });
    await hp.flush();
    await page.getByText("step 1 of 3").waitFor();
    await page.getByRole("button", { name: "To the last step" }).click();
    await page.getByText("step 3 of 3").waitFor();
  });

  test("finds an action, and walks the graph from there by the keyboard", async () => {
    await open(`/shield/${SERVICE}`);
    await page.getByRole("searchbox", { name: "Find an action" }).fill("summ");
    await page.keyboard.press("Enter");
    const focus = region("In focus");
    await focus.getByRole("heading", { name: "summarise" }).waitFor();
    const onward = focus.getByRole("list", { name: "Goes on to" });
    await onward.getByRole("button", { name: "open_ticket" }).press("Enter");
    await focus.getByRole("heading", { name: "open_ticket" }).waitFor();
    await focus.getByText("End of the run").waitFor();
    await focus.getByRole("button", { name: "Back to the run" }).press("Enter");
    await steps().first().waitFor();
    await page.getByText("The same as a table").click();
    const table = region("What follows what");
    await table.getByRole("row", { name: /summarise open_ticket/ }).waitFor();
  });

  test("[P-SHIELD-TAUGHT] learns what was only observed when a person calls it usual", async () => {
    hp.observe({ service: SERVICE, runId: "odd", action: "read_secrets", payload: {} });
    await hp.flush();
    await open(`/shield/${SERVICE}`);
    const anomalies = page.getByRole("list", { name: "Anomalies" });
    const odd = anomalies.getByRole("listitem").filter({ hasText: "read_secrets" });
    await odd.getByText("never been seen").waitFor();
    const known = async () => (await readShield(holdpoint)).graph.nodes.map(({ action }) => action);
    expect(await known()).not.toContain("read_secrets");
    await odd.getByRole("button", { name: "Usual: read_secrets", exact: true }).click();
    await odd.getByText("Usual, says Ada Lovelace").waitFor();
    expect(await known()).toContain("read_secrets");
    // What a person decides is answered there, not here.
    const asked = anomalies.getByRole("listitem").filter({ hasText: "talked-into" });
    await asked.getByRole("link", { name: "Open the request" }).waitFor();
    expect(await asked.getByRole("button", { name: /^Usual/ }).count()).toBe(0);
  });

  test("[P-SHIELD-RULES] has its rules off, explains each, and sets them for an admin alone", async () => {
    await open(`/shield/${SERVICE}`);
    const settings = region("Settings");
    await expect.poll(() => settings.getByText("off", { exact: true }).count()).toBe(4);
    await settings.getByRole("button", { name: "Change…" }).click();
    const dialog = page.getByRole("dialog", { name: "Settings of the shield" });
    const velocity = dialog.getByLabel("Steps of a run in a minute, at most");
    await velocity.fill("0");
    expect(await dialog.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await velocity.fill("600");
    await dialog.getByLabel("Card numbers").check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "hidden" });
    await settings.getByText("up to 600 steps a minute").waitFor();
    expect((await readShield(holdpoint)).settings.rules).toEqual({
      velocity: { max_per_minute: 600 },
      sensitive: { kinds: ["card_number"] },
    });
    await open(`/shield/${SERVICE}`, await invite(holdpoint, "Joan Clarke", ["approver"]));
    await region("Mode").getByText("Only an admin changes the mode.").waitFor();
    expect(await region("Settings").getByRole("button").count()).toBe(0);
    expect(await modeButton("Learning").isDisabled()).toBe(true);
  });

  test("does not put settings over others that came meanwhile, before those were seen", async () => {
    await open(`/shield/${SERVICE}`);
    await region("Settings").getByRole("button", { name: "Change…" }).click();
    const dialog = page.getByRole("dialog", { name: "Settings of the shield" });
    const pause = dialog.getByLabel("Anomalies in a row that pause a run");
    const save = dialog.getByRole("button", { name: "Save", exact: true });
    const notice = dialog.getByRole("alert");
    const settings = async () => (await readShield(holdpoint)).settings;
    await pause.fill("7");
    await setSettings(holdpoint, { rules: { loop: { max_repeats: 4 } } });
    await save.click();
    await notice.getByText("Somebody has set others meanwhile").waitFor();
    await notice.getByText("the same call up to 4 times in a row").waitFor();
    expect(await save.isDisabled()).toBe(true);
    expect((await settings()).rules).toEqual({ loop: { max_repeats: 4 } });
    await notice.getByRole("button", { name: "Give mine up and load these" }).click();
    await notice.waitFor({ state: "hidden" });
    expect(await dialog.getByLabel("The same call in a row, at most").inputValue()).toBe("4");
    expect(await pause.inputValue()).toBe("3");

    await pause.fill("8");
    // Without an attempt too: what others set comes in by itself.
    await setSettings(holdpoint, { pause_after: 9 });
    await notice.getByText("after 9 anomalies in a row").waitFor();
    await notice.getByRole("button", { name: "Keep mine, to save over these" }).click();
    expect(await pause.inputValue()).toBe("8");
    await save.click();
    await dialog.waitFor({ state: "hidden" });
    await region("Settings").getByText("after 8 anomalies in a row").waitFor();
    expect(await settings()).toMatchObject({ pause_after: 8, rules: { loop: { max_repeats: 4 } } });
  });

  test("[P-SHIELD-GROUPS] a flood of one shape is one row, and each of it is decided as shown", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const payload = { to: `customer-${index}@example.com` };
      const { id } = await hp.defer({ service: "crm", action: "send_offer", payload });
      ids.push(id);
    }
    const other = await hp.defer({ service: "crm", action: "send_offer", payload: { all: true } });
    await open("/");
    const group = page.getByRole("listitem").filter({ hasText: "6 of one shape" });
    await group.waitFor();
    await rowOf(page, other.id).waitFor();
    expect(await rowOf(page, ids[0] as string).count()).toBe(0);

    const toggle = group.getByRole("button", { name: /send_offer/ });
    await toggle.press("Enter");
    await rowOf(page, ids[5] as string).waitFor();
    expect(await toggle.getAttribute("aria-expanded")).toBe("true");
    await rowOf(page, ids[0] as string)
      .getByRole("checkbox")
      .check();
    await page.getByRole("button", { name: "Reject selected…" }).click();
    const one = page.getByRole("dialog", { name: "Reject request" });
    await one.getByRole("button", { name: "Reject request" }).click();
    await one.waitFor({ state: "hidden" });
    await page.getByRole("listitem").filter({ hasText: "5 of one shape" }).waitFor();

    await page.getByLabel("Select all 5 of crm send_offer").check();
    await page.getByRole("button", { name: "Approve selected…" }).click();
    const all = page.getByRole("dialog", { name: "Approve 5 requests" });
    for (let index = 1; index < 6; index += 1) {
      await all.getByText(`customer-${index}@example.com`).waitFor();
    }
    await all.getByRole("button", { name: "Approve 5 requests" }).click();
    await all.waitFor({ state: "hidden" });
    const answers = await Promise.all(ids.map((id) => hp.wait(id)));
    expect(answers.map(({ status }) => status)).toEqual(["REJECTED", ...Array(5).fill("APPROVED")]);
    expect((await hp.requests.get(other.id)).status).toBe("PENDING");
  });

  test("[P-SHIELD-SUGGESTS] what people always approve is suggested, with its replay, and applied by a person", async () => {
    for (let index = 0; index < 20; index += 1) {
      const { id } = await hp.defer({ service: "crm", action: "tag", payload: { n: index } });
      await holdpoint.decide(id, { decision: "approve" });
    }
    const policies = async () =>
      (await administer<WireList<WirePolicy>>(holdpoint, "GET", "/v1/policies")).data;
    const before = await policies();
    await open("/");
    const suggestions = page.getByRole("list", { name: "Suggestions for the policy" });
    const suggestion = suggestions.getByRole("listitem").filter({ hasText: "crm tag" });
    await suggestion.getByText("20 of 20 times").waitFor();
    await suggestion.getByRole("link", { name: "Look at it" }).click();

    const notice = region("Suggestion");
    await notice.getByText("People had rejected or changed none of these.").waitFor();
    const editor = page.getByRole("textbox", { name: "Policy in Cedar" });
    await editor.getByText("crm/tag").first().waitFor();
    await region("What it means").getByRole("list", { name: "Statements" }).waitFor();
    expect(await policies()).toEqual(before);

    await page.getByRole("button", { name: "Put in force…" }).click();
    const dialog = page.getByRole("dialog", { name: "Put in force" });
    await dialog.getByRole("button", { name: "Put in force" }).click();
    await dialog.waitFor({ state: "hidden" });
    await expect.poll(async () => (await policies()).length).toBe(before.length + 1);
    const run = await hp.ask({ service: "crm", action: "tag", payload: { n: 99 } });
    expect(run.status).toBe("APPROVED");
  });
});
