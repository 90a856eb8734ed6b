import type { WireApiKey, WireList } from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { columns } from "../../output/columns.js";
import { printableLine } from "../../output/text.js";
import { relativeTime } from "../../output/time.js";
import type { Colours, Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List API keys, without their secrets.")
    .action((options: Options) => ls(terminal, options));
}

async function ls(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { apiKeySchema, listSchema } = await import("@holdpoint/protocol/schemas");
  const list = await client.call<WireList<WireApiKey>>(
    { path: "/v1/api-keys" },
    listSchema(apiKeySchema),
  );
  printAnswer(terminal, options, list, ({ data }) =>
    data.length > 0
      ? describe(data, Date.now(), terminal.colours)
      : "No keys yet.\nMake one: holdpoint keys create --agent <name>",
  );
}

function describe(keys: readonly WireApiKey[], nowMs: number, colours: Colours): string {
  const head = ["ID", "AGENT", "KEY", "SCOPES", "STATE", "LAST USED"].map(colours.dim);
  const rows = keys.map((key) => [
    key.id,
    printableLine(key.agent.name, 40),
    printableLine(key.hint),
    key.scopes.join(" "),
    stateOf(key, nowMs, colours),
    key.last_used_at ? relativeTime(key.last_used_at, nowMs) : "never",
  ]);
  return columns([head, ...rows]);
}

function stateOf(key: WireApiKey, nowMs: number, { dim, green }: Colours): string {
  if (key.revoked_at) return dim(`revoked ${relativeTime(key.revoked_at, nowMs)}`);
  if (key.expires_at === undefined) return green("active");
  const expired = Date.parse(key.expires_at) <= nowMs;
  const when = relativeTime(key.expires_at, nowMs);
  return expired ? dim(`expired ${when}`) : green(`expires ${when}`);
}
