import type { WireApiKey } from "@holdpoint/protocol";
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
    .description("Revoke an API key at once. Agents that use it are refused from now on.")
    .argument("<id>", "key id (key_…), as listed by `holdpoint keys ls`")
    .action((id: string, options: Options) => revoke(terminal, id, options));
}

async function revoke(terminal: Terminal, id: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { apiKeySchema } = await import("@holdpoint/protocol/schemas");
  const key = await client.call<WireApiKey>(
    { method: "POST", path: `/v1/api-keys/${encodeURIComponent(id)}/revoke` },
    apiKeySchema,
  );
  printAnswer(
    terminal,
    options,
    key,
    ({ agent }) => `${terminal.colours.green("✓")} Revoked ${id} of ${printableLine(agent.name)}.`,
  );
}
