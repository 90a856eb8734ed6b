import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { listActions } from "../../output/action.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { fetchActions } from "./fetch.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List the actions in use.")
    .action(async (options: Options) => {
      const list = await fetchActions(await connectOperator(terminal, options));
      printAnswer(terminal, options, list, ({ data }) =>
        data.length > 0 ? listActions(data, Date.now(), terminal.colours) : NOTHING,
      );
    });
}

const NOTHING = `No actions yet: agents can have nothing run.
Those that come along: holdpoint actions add
Your own: holdpoint actions apply <file>`;
