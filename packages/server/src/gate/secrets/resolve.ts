import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LIMITS } from "@holdpoint/protocol";
import type { SecretUse } from "@holdpoint/protocol/gate";
import type { SecretStore } from "../../store/verbs/actions.js";

/** Secrets that whoever runs the control plane names, beside those it keeps. */
export interface SecretSources {
  /** By name, without a prefix. Default none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder with one file for each, named as it is. Default none. */
  readonly directory?: string;
}

/** The value of a secret; `undefined` where there is none that a header can hold. */
export type ResolveSecret = (projectId: string, use: SecretUse) => Promise<string | undefined>;

const USABLE = /^[\t\x20-\x7e\x80-\xff]+$/;

/** Reads each secret anew for each run, so that one which was changed or removed is so at once. */
export function createSecretResolver(
  store: Pick<SecretStore, "open">,
  sources: SecretSources = {},
): ResolveSecret {
  async function read(projectId: string, { name, from = "store" }: SecretUse) {
    if (from === "store") return store.open(projectId, name);
    if (from === "file") return readSecretFile(sources.directory, name);
    const { environment = {} } = sources;
    return Object.hasOwn(environment, name) ? environment[name] : undefined;
  }
  return async (projectId, use) => {
    const value = await read(projectId, use);
    const isUsable =
      value !== undefined && value.length <= LIMITS.secretBytes && USABLE.test(value);
    return isUsable ? value : undefined;
  };
}

/** A name has capitals, digits and `_` alone, so it leads nowhere else. */
async function readSecretFile(
  directory: string | undefined,
  name: string,
): Promise<string | undefined> {
  if (directory === undefined || !/^[A-Z][A-Z0-9_]*$/.test(name)) return undefined;
  try {
    // Editors and `echo` end a file with a line break, which no header can hold.
    return (await readFile(join(directory, name), "latin1")).replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}
