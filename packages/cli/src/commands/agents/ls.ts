import type { WireAgent, WireList } from "@holdpoint/protocol";
import type { WireAgentIdentity } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { listAgents } from "../../output/agents.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List agents, and how many keys of their own they have.")
    .action((options: Options) => ls(terminal, options));
}

async function ls(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { agentIdentitySchema, agentSchema, listSchema } = await import(
    "@holdpoint/protocol/schemas"
  );
  const [list, identities] = await Promise.all([
    client.call<WireList<WireAgent>>({ path: "/v1/agents" }, listSchema(agentSchema)),
    client.call<WireList<WireAgentIdentity>>(
      { path: "/v1/agent-identities" },
      listSchema(agentIdentitySchema),
    ),
  ]);
  printAnswer(terminal, options, list, ({ data }) =>
    data.length > 0
      ? listAgents(data, identities.data, Date.now(), terminal.colours)
      : "No agents yet.\nMake one: holdpoint agents enrol <name>   or   holdpoint keys create --agent <name>",
  );
}
