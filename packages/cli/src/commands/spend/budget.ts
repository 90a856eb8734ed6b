import type { WireList } from "@holdpoint/protocol";
import type { WireBudget, WireSetBudget } from "@holdpoint/protocol/spend";
import { AmountError, parseAmount } from "@holdpoint/protocol/spend/core";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listBudgets } from "../../output/spend.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson, wrongUsage } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly agent?: string;
  readonly organisation?: boolean;
  readonly set?: string;
  readonly currency?: string;
}

const HELP = "holdpoint spend budget --help";

export function budgetCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("budget")))
    .description("Show budgets with what is held, spent and left, or set one.")
    .option("--set <amount>", "in all, not in addition, for example 500.00; none takes it away")
    .option("--currency <code>", "with --set: EUR, USD, USDC, …")
    .option("--agent <name>", "this agent's (default: all; with --set, the project's)")
    .option("--organisation", "with --set: that of the project's organisation")
    .addHelpText(
      "after",
      `
A purchase has to fit the budgets of its agent, its project and its organisation, where they have one.

Examples:
  holdpoint spend budget
  holdpoint spend budget --agent shopper --set 250.00 --currency EUR`,
    )
    .action((options: Options) => budget(terminal, options));
}

async function budget(terminal: Terminal, options: Options): Promise<void> {
  const amountMinor = options.set === undefined ? undefined : readAmount(options);
  if (options.agent !== undefined && options.organisation) {
    throw wrongUsage("Expected --agent or --organisation, not both.", HELP);
  }
  const client = await connectOperator(terminal, options);
  const agentId = options.agent && (await findAgent(client, options.agent)).id;
  if (amountMinor === undefined) return show(terminal, options, client, agentId);
  const { budgetSchema } = await import("@holdpoint/protocol/schemas");
  const body: WireSetBudget = {
    ...(agentId
      ? { scope: "agent", agent_id: agentId }
      : { scope: options.organisation ? "organisation" : "project" }),
    currency: options.currency as string,
    amount_minor: amountMinor,
  };
  const made = await client.call<WireBudget>(
    { method: "PUT", path: "/v1/budgets", body },
    budgetSchema,
  );
  printAnswer(terminal, options, made, (one) => listBudgets([one], terminal.colours));
}

async function show(
  terminal: Terminal,
  options: Options,
  client: OperatorClient,
  agentId: string | undefined,
): Promise<void> {
  const { budgetSchema, listSchema } = await import("@holdpoint/protocol/schemas");
  const list = await client.call<WireList<WireBudget>>(
    { path: "/v1/budgets" },
    listSchema(budgetSchema),
  );
  const data = agentId ? list.data.filter(({ agent }) => agent?.id === agentId) : list.data;
  printAnswer(terminal, options, { ...list, data }, ({ data: budgets }) =>
    budgets.length > 0
      ? listBudgets(budgets, terminal.colours)
      : "No budgets, and nothing spent: only policies limit.\nSet one: holdpoint spend budget --set 500.00 --currency EUR",
  );
}

/** @throws {CommandFailure} `usage` for what is no amount of that currency. */
function readAmount({ set = "", currency }: Options): number | null {
  if (currency === undefined) throw wrongUsage("Expected --currency beside --set.", HELP);
  if (set === "none") return null;
  try {
    return Number(parseAmount(set, currency));
  } catch (error) {
    if (error instanceof AmountError) throw wrongUsage(error.message, HELP);
    throw error;
  }
}
