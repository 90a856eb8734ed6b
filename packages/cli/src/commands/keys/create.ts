import { API_KEY_SCOPES, type ApiKeyScope, type WireApiKey } from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { printableLine } from "../../output/text.js";
import type { Terminal } from "../../terminal.js";
import { parseDurationOption, parseWords, withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly agent: string;
  readonly scopes?: readonly ApiKeyScope[];
  readonly expires?: number;
}

export function createCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("create")))
    .description("Make an API key for an agent. It is shown once.")
    .requiredOption("--agent <name>", "the agent that will use it; made if there is none so called")
    .option(
      "--scopes <list>",
      `${API_KEY_SCOPES.join(", ")} (default: all)`,
      parseWords(API_KEY_SCOPES),
    )
    .option("--expires <duration>", "30d, 12h, … (default: never)", parseDurationOption)
    .addHelpText("after", "\nExample:\n  holdpoint keys create --agent db-agent --expires 90d")
    .action((options: Options) => create(terminal, options));
}

async function create(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { createdApiKeySchema } = await import("@holdpoint/protocol/schemas");
  const { agent, scopes, expires } = options;
  const key = await client.call<WireApiKey & { readonly api_key: string }>(
    {
      method: "POST",
      path: "/v1/api-keys",
      body: { agent, ...(scopes && { scopes }), ...(expires && { expires_in_ms: expires }) },
    },
    createdApiKeySchema,
  );
  printAnswer(terminal, options, key, ({ id, api_key, agent: { name } }) =>
    [
      `Key ${id} for agent ${printableLine(name)}. It is not shown again:`,
      "",
      `  export HOLDPOINT_URL=${client.url}`,
      `  export HOLDPOINT_API_KEY=${api_key}`,
    ].join("\n"),
  );
}
