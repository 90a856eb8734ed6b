import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";

/** A file that somebody has published, pinned by its digest. */
export interface Source {
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
}

// Where tools keep what they can fetch again: ignored by git.
const cache = new URL("../node_modules/.cache/holdpoint-traces/", import.meta.url);

/**
 * The bytes of a published file, downloaded once.
 *
 * @throws {Error} when it cannot be had, or is not the file whose digest is known.
 */
export async function loadSource(source: Source): Promise<Buffer> {
  const file = new URL(source.name, cache);
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined && digest(kept) === source.sha256) return kept;
  const response = await fetch(source.url);
  if (!response.ok) throw new Error(`Expected ${source.url}, got ${response.status}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const sha256 = digest(bytes);
  if (sha256 !== source.sha256) {
    throw new Error(`Expected ${source.url} with SHA-256 ${source.sha256}, got ${sha256}.`);
  }
  await mkdir(cache, { recursive: true });
  const beside = new URL(`${source.name}.part`, cache);
  await writeFile(beside, bytes);
  await rename(beside, file);
  return bytes;
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
