import type { WireAgentDetails, WireAgentLimits } from "@holdpoint/protocol/gate";
import type { WireMoney } from "@holdpoint/protocol/spend";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { describeAgent } from "../../output/agents.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import {
  collect,
  type NoLimit,
  orNone,
  parseLimit,
  parseMoney,
  withConnection,
  withJson,
  wrongUsage,
} from "../options.js";
import { readAgent } from "./read.js";

/** As many as anybody would write down; the control plane has its own bound. */
const MAX_CALLS = 1_000_000_000;

interface Options extends ConnectionOptions, AnswerOptions {
  readonly callsPerDay?: number | NoLimit;
  readonly costPerDay?: WireMoney | NoLimit;
  readonly scope?: readonly string[];
}

export function limitCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("limit")))
    .description("Set the most an agent may have, whatever it asks for. Admins only.")
    .argument("<agent>", "name or id (agt_…)")
    .option(
      "--calls-per-day <number>",
      "calls of actions in one day (UTC), over all its sessions; none for no limit",
      orNone(parseLimit(MAX_CALLS)),
    )
    .option(
      "--cost-per-day <amount>",
      'what they may cost together, for example "100 EUR"; none for no limit',
      orNone(parseMoney),
    )
    .option(
      "--scope <scope>",
      "the scopes its leases may have, may be given several times; none for all of its credential's",
      collect,
    )
    .addHelpText(
      "after",
      `
What is not named stays as it is.

Examples:
  holdpoint agents limit billing-bot --calls-per-day 50 --cost-per-day "100 EUR"
  holdpoint agents limit billing-bot --scope actions:stripe-refund`,
    )
    .action((agent: string, options: Options) => limit(terminal, agent, options));
}

async function limit(terminal: Terminal, name: string, options: Options): Promise<void> {
  const { callsPerDay, costPerDay, scope } = options;
  if (callsPerDay === undefined && costPerDay === undefined && scope === undefined) {
    throw wrongUsage("Say what to limit.", "holdpoint agents limit --help");
  }
  const client = await connectOperator(terminal, options);
  const { id } = await findAgent(client, name);
  const { limits } = await readAgent(client, id);
  const { agentDetailsSchema } = await import("@holdpoint/protocol/schemas");
  const agent = await client.call<WireAgentDetails>(
    { method: "PUT", path: `/v1/agents/${id}/limits`, body: change(limits, options) },
    agentDetailsSchema,
  );
  printAnswer(terminal, options, agent, (value) =>
    describeAgent(value, Date.now(), terminal.colours),
  );
}

/** The call replaces all limits, so those that are not named come along. */
function change(limits: WireAgentLimits, options: Options): WireAgentLimits {
  const scopes = options.scope?.includes("none") ? "none" : (options.scope ?? limits.scopes);
  const maxCalls = options.callsPerDay ?? limits.max_calls_per_day;
  const maxCost = options.costPerDay ?? limits.max_cost_per_day;
  return {
    ...(isSet(scopes) && { scopes }),
    ...(isSet(maxCalls) && { max_calls_per_day: maxCalls }),
    ...(isSet(maxCost) && { max_cost_per_day: maxCost }),
  };
}

function isSet<Value>(value: Value | NoLimit | undefined): value is Value {
  return value !== undefined && value !== "none";
}
