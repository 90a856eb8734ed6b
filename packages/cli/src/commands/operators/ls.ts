import type { WireOperator } from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { columns } from "../../output/columns.js";
import { printableLine } from "../../output/text.js";
import type { Colours, Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { listOperators } from "./list.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List who may decide, and in which roles.")
    .action(async (options: Options) => {
      const list = await listOperators(await connectOperator(terminal, options));
      printAnswer(terminal, options, list, ({ data }) => describe(data, terminal.colours));
    });
}

function describe(operators: readonly WireOperator[], { dim }: Colours): string {
  const head = ["ID", "E-MAIL", "NAME", "ROLES"].map(dim);
  const rows = operators.map(({ id, email, name, roles }) => [
    id,
    printableLine(email, 60),
    printableLine(name, 40),
    roles.join(" "),
  ]);
  return columns([head, ...rows]);
}
