import type { WireAction } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function withdrawCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("withdraw")))
    .description("Take an action out of use at once. What waits for a person is not run any more.")
    .argument("<id>", "as listed by `holdpoint actions ls`")
    .action((id: string, options: Options) => withdraw(terminal, id, options));
}

async function withdraw(terminal: Terminal, id: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { actionSchema } = await import("@holdpoint/protocol/schemas");
  const action = await client.call<WireAction>(
    { method: "POST", path: `/v1/actions/${encodeURIComponent(id)}/withdraw` },
    actionSchema,
  );
  printAnswer(
    terminal,
    options,
    action,
    ({ version }) =>
      `${terminal.colours.green("✓")} ${id} ${version} is withdrawn: no agent can have it run.`,
  );
}
