import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ConfigurationError } from "@holdpoint/sdk";
import type { z } from "zod";
import { InterpolationFault, interpolate } from "./interpolate.js";
import { CONFIG_SCHEMA, type GatewayConfig, type ServerConfig } from "./schema.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration ready to use: variables are in place, folders are absolute. */
export interface LoadedConfig {
  readonly servers: Readonly<Record<string, ServerConfig>>;
}

/**
 * Reads gateway.json.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: it cannot be read, is no JSON, or has
 *   something wrong in it; the message names every place, and no value.
 */
export async function loadConfig(path: string, env: Environment): Promise<LoadedConfig> {
  const file = resolve(path);
  const config = check(parse(await read(file), file), file);
  const servers = Object.entries(config.servers).map(
    ([name, server]) => [name, complete(server, { name, file, env })] as const,
  );
  return { servers: Object.fromEntries(servers) };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code } = Object(cause) as { code?: unknown };
    throw invalid(file, [`it cannot be read (${String(code)})`], cause);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const position = /position (\d+)/.exec((cause as Error).message)?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const line = before.split("\n").length;
    // Not as the cause: its message holds a piece of the file.
    throw invalid(file, [`line ${line}: expected JSON, got something else`]);
  }
}

function check(value: unknown, file: string): GatewayConfig {
  const { success, data, error } = CONFIG_SCHEMA.safeParse(value);
  if (success) return data;
  throw invalid(
    file,
    error.issues.flatMap((issue) => describeIssue(issue, value)),
  );
}

/** Of the two kinds of server only the faults of the one that was meant help. */
function describeIssue(issue: z.core.$ZodIssue, value: unknown): readonly string[] {
  if (issue.code !== "invalid_union") return [`${placeOf(issue.path)}: ${issue.message}`];
  const meant = issue.path.reduce<unknown>((at, key) => Object(at)[key], value);
  const [stdio = [], http = []] = issue.errors;
  const isHttp = typeof meant === "object" && meant !== null && "url" in meant;
  return (isHttp ? http : stdio).map(
    ({ path, message }) => `${placeOf([...issue.path, ...path])}: ${message}`,
  );
}

interface Place {
  readonly name: string;
  readonly file: string;
  readonly env: Environment;
}

function complete(server: ServerConfig, place: Place): ServerConfig {
  const fill = (text: string, ...path: readonly (string | number)[]) =>
    fillIn(text, ["servers", place.name, ...path], place);
  const fillAll = (texts: Readonly<Record<string, string>>, key: string) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text, key, name)]));
  if ("url" in server) {
    const { url, headers = {}, ...rest } = server;
    const filled = { url: fill(url, "url"), headers: fillAll(headers, "headers") };
    requireHttp(filled.url, place);
    return { ...rest, ...filled };
  }
  const { command, args = [], env = {}, cwd = ".", ...rest } = server;
  refuseOwnNames(env, place);
  return {
    ...rest,
    command: fill(command, "command"),
    args: args.map((text, index) => fill(text, "args", index)),
    env: fillAll(env, "env"),
    cwd: resolve(dirname(place.file), fill(cwd, "cwd")),
  };
}

function fillIn(
  text: string,
  path: readonly (string | number)[],
  { file, env }: Pick<Place, "file" | "env">,
): string {
  try {
    return interpolate(text, env);
  } catch (error) {
    if (!(error instanceof InterpolationFault)) throw error;
    throw invalid(file, [`${placeOf(path)}: ${error.message}`]);
  }
}

function requireHttp(url: string, { name, file }: Place): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw invalid(file, [`${placeOf(["servers", name, "url"])}: expected http:// or https://`]);
}

function refuseOwnNames(env: Readonly<Record<string, string>>, { name, file }: Place): void {
  const own = Object.keys(env).find((key) => /^HOLDPOINT_/i.test(key));
  if (own === undefined) return;
  const place = placeOf(["servers", name, "env", own]);
  throw invalid(file, [`${place}: expected no variable of Holdpoint, which are the gateway's own`]);
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map(String).join(".") || "the file";
}

function invalid(file: string, faults: readonly string[], cause?: unknown): ConfigurationError {
  const message = [`Expected a configuration of the gateway in ${file}:`, ...faults].join("\n  ");
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message, cause });
}
