import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { requirePending, sendDecision } from "./decide.js";
import { fetchRequest } from "./fetch.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly reason?: string;
}

export function rejectCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("reject")))
    .description("Reject a request. The agent gets your reason.")
    .argument("<id>", "request id (req_…)")
    .option("--reason <text>", "what the agent should know, or do instead")
    .addHelpText(
      "after",
      `
Example:
  holdpoint requests reject req_01h455vb4pex5vsknk084sn02q --reason "Archive the table instead."`,
    )
    .action((id: string, options: Options) => reject(terminal, id, options));
}

async function reject(terminal: Terminal, id: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const request = await fetchRequest(client, id);
  requirePending(request);
  const { reason } = options;
  const decided = await sendDecision(client, id, {
    decision: "reject",
    revision: request.revision,
    ...(reason && { reason }),
  });
  printAnswer(terminal, options, decided, () => `${terminal.colours.red("✗")} Rejected: ${id}`);
}
