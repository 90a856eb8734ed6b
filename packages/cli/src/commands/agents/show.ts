import type { WireAgentDetails } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { describeAgent } from "../../output/agents.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { readAgent } from "./read.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function showCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("show")))
    .description("Show one agent: its limits, its use today, and its own keys.")
    .argument("<agent>", "name or id (agt_…)")
    .action((agent: string, options: Options) => show(terminal, agent, options));
}

async function show(terminal: Terminal, name: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { id } = await findAgent(client, name);
  const agent: WireAgentDetails = await readAgent(client, id);
  printAnswer(terminal, options, agent, (value) =>
    describeAgent(value, Date.now(), terminal.colours),
  );
}
