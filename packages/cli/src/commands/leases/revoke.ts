import type { WireLease } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { printableLine } from "../../output/text.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function revokeCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("revoke")))
    .description("Revoke one lease at once.")
    .argument("<id>", "lease id, as listed by `holdpoint leases ls`")
    .addHelpText(
      "after",
      `
The agent can get another with its key. To end that too: holdpoint keys revoke, or
holdpoint agents revoke. To end everything: holdpoint freeze.`,
    )
    .action((id: string, options: Options) => revoke(terminal, id, options));
}

async function revoke(terminal: Terminal, id: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { leaseSchema } = await import("@holdpoint/protocol/schemas");
  const lease = await client.call<WireLease>(
    { method: "POST", path: `/v1/leases/${encodeURIComponent(id)}/revoke` },
    leaseSchema,
  );
  printAnswer(
    terminal,
    options,
    lease,
    ({ agent }) => `${terminal.colours.green("✓")} Revoked ${id} of ${printableLine(agent.name)}.`,
  );
}
