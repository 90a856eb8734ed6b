import { Command } from "commander";
import { connectOperator, NO_CONTENT } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function rmCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("rm")))
    .alias("remove")
    .description("Delete a secret. Actions that use it fail from now on. Admins only.")
    .argument("<name>", "its name, as listed by `holdpoint secrets ls`")
    .action((name: string, options: Options) => remove(terminal, name, options));
}

async function remove(terminal: Terminal, name: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  await client.call<undefined>(
    { method: "DELETE", path: `/v1/secrets/${encodeURIComponent(name)}` },
    NO_CONTENT,
  );
  printAnswer(
    terminal,
    options,
    { name, deleted: true },
    () => `${terminal.colours.green("✓")} Deleted ${name}.`,
  );
}
