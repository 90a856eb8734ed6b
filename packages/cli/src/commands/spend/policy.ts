import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { WireList } from "@holdpoint/protocol";
import type { WireKillSwitch, WireSpendPolicy } from "@holdpoint/protocol/spend";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describePolicies, describePolicy } from "../../output/spend.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson, wrongUsage } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly agent?: string;
  readonly set?: string;
  readonly remove?: boolean;
}

export function policyCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("policy")))
    .description("Show the spend policies in force and what is stopped, or set a policy.")
    .option("--agent <name>", "this agent's policy (default: all; with --set, the project's)")
    .option("--set <file>", "the next revision, from a JSON file, or - for standard input")
    .option("--remove", "take the policy away: then every purchase goes to a person")
    .addHelpText(
      "after",
      `
The file holds the policy: { "currency": "EUR", "daily_limit": "500.00",
"auto_approve": { "enabled": true, "max_amount": "50.00" } }

Examples:
  holdpoint spend policy
  holdpoint spend policy --agent shopper --set policy.json
  holdpoint spend policy --json | jq '.data[0].policy'`,
    )
    .action((options: Options) => policy(terminal, options));
}

async function policy(terminal: Terminal, options: Options): Promise<void> {
  const { set, remove } = options;
  if (set !== undefined && remove) {
    throw wrongUsage("Expected --set or --remove, not both.", "holdpoint spend policy --help");
  }
  const next = set === undefined ? null : await readPolicy(terminal, set);
  const client = await connectOperator(terminal, options);
  const agentId = options.agent && (await findAgent(client, options.agent)).id;
  if (set === undefined && !remove) return show(terminal, options, client, agentId);
  const { storedSpendPolicySchema } = await import("@holdpoint/protocol/schemas");
  const made = await client.call<WireSpendPolicy>(
    {
      method: "POST",
      path: "/v1/spend-policies",
      body: { ...(agentId && { agent_id: agentId }), policy: next },
    },
    storedSpendPolicySchema,
  );
  printAnswer(terminal, options, made, (revision) => describePolicy(revision, terminal.colours));
}

async function show(
  terminal: Terminal,
  options: Options,
  client: OperatorClient,
  agentId: string | undefined,
): Promise<void> {
  const { killSwitchSchema, listSchema, storedSpendPolicySchema } = await import(
    "@holdpoint/protocol/schemas"
  );
  const [list, switches] = await Promise.all([
    client.call<WireList<WireSpendPolicy>>(
      { path: "/v1/spend-policies", query: { of: agentId } },
      listSchema(storedSpendPolicySchema),
    ),
    client.call<WireList<WireKillSwitch>>(
      { path: "/v1/kill-switches" },
      listSchema(killSwitchSchema),
    ),
  ]);
  const stopped = switches.data.filter((one) => one.stopped);
  printAnswer(terminal, options, { ...list, stopped }, ({ data }) =>
    describePolicies(data, stopped, terminal.colours),
  );
}

async function readPolicy(terminal: Terminal, file: string): Promise<unknown> {
  const written =
    file === "-"
      ? await text(terminal.input)
      : await readFile(resolve(terminal.directory, file), "utf8");
  try {
    return JSON.parse(written);
  } catch {
    throw wrongUsage(`Expected JSON in ${file}.`, "holdpoint spend policy --help");
  }
}
