import type { WireList } from "@holdpoint/protocol";
import type { WireSecret } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { columns } from "../../output/columns.js";
import { describeActor } from "../../output/request.js";
import { relativeTime } from "../../output/time.js";
import type { Colours, Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List the names of secrets. Admins only.")
    .action((options: Options) => ls(terminal, options));
}

async function ls(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { listSchema, secretSchema } = await import("@holdpoint/protocol/schemas");
  const list = await client.call<WireList<WireSecret>>(
    { path: "/v1/secrets" },
    listSchema(secretSchema),
  );
  printAnswer(terminal, options, list, ({ data }) =>
    data.length > 0
      ? describe(data, Date.now(), terminal.colours)
      : "No secrets are kept.\nKeep one: holdpoint secrets set <NAME>",
  );
}

function describe(secrets: readonly WireSecret[], nowMs: number, { dim }: Colours): string {
  const head = ["NAME", "SET", "BY"].map(dim);
  const rows = secrets.map(({ name, updated_at, updated_by }) => [
    name,
    relativeTime(updated_at, nowMs),
    describeActor(updated_by),
  ]);
  return columns([head, ...rows]);
}
