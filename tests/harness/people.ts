import type { Locator, Page } from "playwright-core";
import type { ServedControlPlane } from "./control-plane.js";

/** Signs a person in by a fresh one-time link: the admin, or another operator's. Ends on the inbox. */
export async function signIn(
  page: Page,
  holdpoint: ServedControlPlane,
  operatorId = holdpoint.operatorId,
): Promise<void> {
  const { url } = await holdpoint.plane.admin.createSignInLink(operatorId);
  await page.goto(url);
  await page.getByRole("heading", { name: "Inbox", exact: true }).waitFor();
  await page
    .getByRole("status", { name: "Connection" })
    .getByText("Live")
    .waitFor({ state: "attached" });
}

/** Invites an operator with these roles; returns the id. */
export async function invite(
  holdpoint: ServedControlPlane,
  name: string,
  roles: readonly string[],
): Promise<string> {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
  const response = await holdpoint.operate("/v1/operators", {
    method: "POST",
    body: JSON.stringify({ email, name, roles }),
  });
  if (!response.ok) throw new Error(`Inviting failed: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** The row of a request in a list. */
export function rowOf(page: Page, requestId: string): Locator {
  return page.locator(`li[data-request="${requestId}"]`);
}

/** Opens a request by its deep link. */
export async function openRequest(
  page: Page,
  holdpoint: ServedControlPlane,
  requestId: string,
): Promise<void> {
  await page.goto(`${holdpoint.url}/requests/${requestId}`);
  await page.getByRole("region", { name: "Decision" }).waitFor();
}

/** Fills the dialog that loads an encryption key, which somebody has opened. */
export async function loadKey(page: Page, key: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Encryption keys" });
  await dialog.getByLabel("Encryption key", { exact: true }).fill(key);
  await dialog.getByRole("button", { name: "Load key" }).click();
  await dialog.waitFor({ state: "hidden" });
}
