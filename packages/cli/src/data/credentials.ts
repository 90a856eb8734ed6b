import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";

/** What `holdpoint dev` leaves for the other commands and for its next start. */
export interface Credentials {
  readonly url: string;
  readonly apiKey: string;
  readonly operatorToken: string;
}

/** `undefined` when there is no such file or it is not ours. */
export async function loadCredentials(path: string): Promise<Credentials | undefined> {
  try {
    const { url, apiKey, operatorToken } = JSON.parse(await readFile(path, "utf8"));
    const whole = [url, apiKey, operatorToken].every((value) => typeof value === "string");
    return whole ? { url, apiKey, operatorToken } : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step, readable by its owner alone (mode 0600). */
export async function saveCredentials(path: string, credentials: Credentials): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, path);
}
