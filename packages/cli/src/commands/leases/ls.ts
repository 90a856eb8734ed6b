import { LIMITS, type WireList } from "@holdpoint/protocol";
import type { WireLease } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listLeases } from "../../output/leases.js";
import type { Terminal } from "../../terminal.js";
import { parseLimit, withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly live?: boolean;
  readonly agent?: string;
  readonly limit: number;
}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List leases, newest first. Calls and cost are those of the whole session.")
    .option("--live", "only those that are accepted now")
    .option("--agent <name>", "only this agent's")
    .option("--limit <number>", `1 to ${LIMITS.maxPageSize}`, parseLimit(LIMITS.maxPageSize), 20)
    .action((options: Options) => ls(terminal, options));
}

async function ls(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { leaseSchema, listSchema } = await import("@holdpoint/protocol/schemas");
  const { live, agent, limit } = options;
  const list = await client.call<WireList<WireLease>>(
    {
      path: "/v1/leases",
      query: {
        status: live ? "live" : undefined,
        agent_id: agent && (await findAgent(client, agent)).id,
        limit: String(limit),
      },
    },
    listSchema(leaseSchema),
  );
  printAnswer(terminal, options, list, ({ data, next_cursor }) => {
    if (data.length === 0) return live || agent ? "No lease matches." : "No leases yet.";
    const rows = listLeases(data, Date.now(), terminal.colours);
    return next_cursor === null ? rows : `${rows}\n\nThere is more: raise --limit.`;
  });
}
