import type { ActionManifest } from "@holdpoint/protocol/gate";
import { refuse } from "../fault.js";
import { createEchoFilter, type EchoFilter } from "./echo.js";
import type { ResolveSecret } from "./resolve.js";

/** An action's secrets, opened for one run, and where they are put. */
export interface Credentials {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Of the secrets alone, without what is put before them. */
  readonly echo: EchoFilter;
}

/** @throws {FaultError} `secret_missing`. */
export async function openCredentials(
  { secrets = [] }: Pick<ActionManifest, "secrets">,
  projectId: string,
  resolve: ResolveSecret,
): Promise<Credentials> {
  const opened = await Promise.all(
    secrets.map(async (use) => ({ use, value: await resolve(projectId, use) })),
  );
  const headers: Record<string, string> = {};
  const query: [string, string][] = [];
  const values: string[] = [];
  for (const { use, value } of opened) {
    if (value === undefined) {
      throw refuse(
        "secret_missing",
        "Expected the action's secrets to be set; an operator sets them.",
      );
    }
    const text = `${use.prefix ?? ""}${value}`;
    if (use.header !== undefined) headers[use.header.toLowerCase()] = text;
    if (use.query !== undefined) query.push([use.query, text]);
    values.push(value);
  }
  return { headers, query, echo: createEchoFilter(values) };
}
