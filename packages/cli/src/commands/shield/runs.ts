import { LIMITS, type WireList } from "@holdpoint/protocol";
import type { WireShieldRun } from "@holdpoint/protocol/shield";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listRuns } from "../../output/shield.js";
import type { Terminal } from "../../terminal.js";
import { parseLimit, withConnection, withJson } from "../options.js";
import { callProfile, type PlaceOptions, withEnvironment } from "./place.js";

interface Options extends ConnectionOptions, AnswerOptions, PlaceOptions {
  readonly agent?: string;
  readonly anomalous?: boolean;
  readonly limit: number;
}

export function runsCommand(terminal: Terminal): Command {
  return withJson(withConnection(withEnvironment(new Command("runs"))))
    .description("List the runs of a service, the latest first.")
    .argument("<service>", "as `holdpoint shield` lists it")
    .option("--agent <name>", "only this agent's")
    .option("--anomalous", "only those with an anomaly")
    .option("--limit <number>", `1 to ${LIMITS.maxPageSize}`, parseLimit(LIMITS.maxPageSize), 20)
    .addHelpText(
      "after",
      `
Examples:
  holdpoint shield runs deploy --anomalous
  holdpoint shield runs deploy --json | jq -r '.data[] | select(.is_paused) | .run_key'`,
    )
    .action((service: string, options: Options) => runs(terminal, service, options));
}

async function runs(terminal: Terminal, service: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { listSchema, shieldRunSchema } = await import("@holdpoint/protocol/schemas");
  const { environment, agent, anomalous, limit } = options;
  const query = {
    environment,
    agent_id: agent && (await findAgent(client, agent)).id,
    anomalous: anomalous ? "true" : undefined,
    limit: String(limit),
  };
  const list = await callProfile<WireList<WireShieldRun>>(
    client,
    { service, path: "/runs", query },
    listSchema(shieldRunSchema),
  );
  printAnswer(terminal, options, list, ({ data, next_cursor }) => {
    if (data.length === 0) return agent || anomalous ? "No run matches." : "No runs yet.";
    const rows = listRuns(data, Date.now(), terminal.colours);
    return next_cursor === null ? rows : `${rows}\n\nThere is more: raise --limit.`;
  });
}
