import type { WireAgentIdentity } from "@holdpoint/protocol/gate";
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
    .description("Revoke an agent's own key at once, and with it every lease it got.")
    .argument("<identity>", "id of the key, as listed by `holdpoint agents show <agent>`")
    .action((id: string, options: Options) => revoke(terminal, id, options));
}

async function revoke(terminal: Terminal, id: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { agentIdentitySchema } = await import("@holdpoint/protocol/schemas");
  const identity = await client.call<WireAgentIdentity>(
    { method: "POST", path: `/v1/agent-identities/${encodeURIComponent(id)}/revoke` },
    agentIdentitySchema,
  );
  printAnswer(
    terminal,
    options,
    identity,
    ({ agent }) => `${terminal.colours.green("✓")} Revoked ${id} of ${printableLine(agent.name)}.`,
  );
}
