import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { CommandFailure } from "../failure.js";

/** 32 random bytes as base64url: the form of master keys and of client encryption keys. */
export function drawKey(): string {
  return randomBytes(32).toString("base64url");
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** Reads the master key of a data folder, or makes it (mode 0600) at the first start. */
export async function loadMasterKey(path: string): Promise<string> {
  try {
    // `wx` makes exactly one of two simultaneous starts the author of the key.
    await writeFile(path, `${drawKey()}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const key = (await readFile(path, "utf8")).trim();
  if (isKey(key)) return key;
  throw new CommandFailure({
    reason: "failed",
    message: `Expected 32 bytes as base64url (43 characters) in ${path}, got ${key.length} characters. Without the right key the database cannot be read.`,
    next: "put the key back from your backup, or start afresh in another folder: holdpoint dev --data <new folder>",
  });
}
