import { Holdpoint } from "@holdpoint/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../harness/browser.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { rowOf, signIn } from "../harness/people.js";

const ping = { service: "probe", action: "ping", payload: { n: 1 } };

describeInBrowser("an admin", (browser) => {
  let holdpoint: ServedControlPlane;
  let page: Page;
  beforeAll(async () => {
    holdpoint = await serveControlPlane({ dashboard: true });
  });
  afterAll(() => holdpoint?.[Symbol.asyncDispose]());

  test("of an empty project is shown how to send the first request, and sees it come", async () => {
    page = await browser.open();
    await signIn(page, holdpoint);
    await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
    await page.getByText("@holdpoint/sdk").first().waitFor();
    const { id } = await holdpoint.client().defer(ping);
    await rowOf(page, id).waitFor();
    await holdpoint.decide(id, { decision: "reject" });
    await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  });

  test("makes an API key that is shown once and works, and revokes it", async () => {
    page = await browser.open();
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/keys`);
    await page.getByRole("button", { name: "Create API key" }).click();
    await page.getByLabel("Agent name").fill("scribe");
    await page.getByRole("button", { name: "Create key" }).click();
    const shown = page.getByRole("dialog", { name: "Your new API key" });
    const text = await shown.getByRole("region", { name: "API key" }).textContent();
    const apiKey = /hp_[0-9a-z]{26}_[\w-]{43}/.exec(text ?? "")?.[0] ?? "";
    const hp = new Holdpoint({ apiKey, baseUrl: holdpoint.url });
    expect(await hp.me()).toMatchObject({ agent: { name: "scribe" } });

    await shown.getByRole("button", { name: "I have copied it" }).click();
    await page.getByText("scribe").first().waitFor();
    expect(await page.content()).not.toContain(apiKey.slice(-20));
    await page.getByRole("button", { name: /^Revoke key of scribe/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke key" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await expect(hp.me()).rejects.toMatchObject({ name: "AuthenticationError" });
  });

  test("invites an operator, whose link signs them in with their role", async () => {
    page = await browser.open();
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/operators`);
    await page.getByRole("button", { name: "Invite operator" }).click();
    const invitation = page.getByRole("dialog", { name: "Invite operator" });
    await invitation.getByLabel("E-mail address").fill("joan@example.com");
    await invitation.getByLabel("Name", { exact: true }).fill("Joan Clarke");
    await invitation.getByLabel("viewer").check();
    for (const role of ["approver", "admin"]) await invitation.getByLabel(role).uncheck();
    await invitation.getByRole("button", { name: "Invite", exact: true }).click();
    const link = page.getByRole("dialog", { name: "Sign-in link for Joan Clarke" });
    const text = await link.getByRole("region", { name: "sign-in link" }).textContent();
    const url = /https?:\/\/\S+?#token=[\w-]+/.exec(text ?? "")?.[0] ?? "";

    const joan = await browser.open();
    await joan.goto(url);
    await joan.getByRole("heading", { name: "Inbox", exact: true }).waitFor();
    const { id } = await holdpoint.client().defer(ping);
    await joan.goto(`${holdpoint.url}/requests/${id}`);
    await joan.getByText("Waiting for somebody else").waitFor();
    await joan.goto(`${holdpoint.url}/keys`);
    await joan.getByText("Only admins see API keys").waitFor();
  });

  test("[S-SIGN-IN] signs out, and the session is gone", async () => {
    page = await browser.open();
    await signIn(page, holdpoint);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
    expect((await fetch(`${holdpoint.url}/v1/me`, { headers })).status).toBe(200);
    await page.getByRole("button", { name: /Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
    // Also for whoever kept a copy of the cookie.
    expect((await fetch(`${holdpoint.url}/v1/me`, { headers })).status).toBe(401);
  });

  test("finds old requests by search and status", async () => {
    const hp = holdpoint.client();
    const one = await hp.defer({ ...ping, action: "paint_fence" });
    const other = await hp.defer({ ...ping, action: "mow_lawn" });
    await holdpoint.decide(one.id, { decision: "approve" });
    page = await browser.open();
    await signIn(page, holdpoint);
    await page.goto(`${holdpoint.url}/history`);
    await rowOf(page, other.id).waitFor();
    await page.getByRole("searchbox", { name: "Search requests" }).fill("fence");
    await rowOf(page, other.id).waitFor({ state: "detached" });
    const outcome = rowOf(page, one.id).getByText("Approved by Ada Lovelace");
    await outcome.filter({ visible: true }).waitFor();
    await page.getByRole("combobox", { name: "Status" }).selectOption("REJECTED");
    await page.getByText("Nothing matches").waitFor();
  });
});
