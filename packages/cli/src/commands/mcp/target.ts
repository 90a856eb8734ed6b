import { homedir } from "node:os";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { AnswerOptions } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withJson, wrongUsage } from "../options.js";
import {
  CLIENT_NAMES,
  CLIENTS,
  type Client,
  type ClientName,
  type KeySource,
  SCOPES,
  type Scope,
} from "./clients.js";

/** What `install` and `uninstall` both take. */
export interface TargetOptions extends AnswerOptions {
  readonly client: ClientName;
  readonly scope: Scope;
  readonly config?: string;
  readonly name: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** The file to change, and how its client wants it. */
export interface Target {
  readonly client: Client;
  readonly path: string;
  readonly key: KeySource;
  readonly name: string;
}

export function withTarget(command: Command): Command {
  return withJson(command)
    .addOption(
      new Option("--client <name>", "whose configuration")
        .choices(CLIENT_NAMES)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--scope <word>", "everything this user does, or this folder alone")
        .choices(SCOPES)
        .default("user"),
    )
    .option("--config <file>", "the configuration file (default: where the client keeps it)")
    .addOption(
      new Option("--name <word>", "what the client calls the server")
        .argParser(parseName)
        .default("holdpoint"),
    )
    .option("--force", "even if an entry of that name is something else")
    .option("--dry-run", "show what would be written, and write nothing");
}

/** Clients build tool names of it, which models accept only so. */
function parseName(text: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected 1 to 64 letters, digits, - or _.");
}

/** @throws {CommandFailure} `usage` where the client has no such scope. */
export function findTarget(terminal: Terminal, options: TargetOptions): Target {
  const client = CLIENTS[options.client];
  const place = client.places[options.scope];
  if (place === undefined) {
    const scopes = Object.keys(client.places).join(", ");
    throw wrongUsage(
      `${client.title} has no configuration for a ${options.scope}, only: ${scopes}.`,
      `leave --scope out, or name a file with --config`,
    );
  }
  const { env, directory } = terminal;
  const { platform } = process;
  const home = (platform === "win32" ? env.USERPROFILE : env.HOME) || homedir();
  const path =
    options.config === undefined
      ? place.path({ platform, env, home, directory })
      : resolve(directory, options.config);
  return { client, path, key: place.key, name: options.name };
}
