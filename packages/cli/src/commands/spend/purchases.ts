import { LIMITS, type WireList } from "@holdpoint/protocol";
import type { PurchaseStatus, WirePurchase } from "@holdpoint/protocol/spend";
import { PURCHASE_STATUSES } from "@holdpoint/protocol/spend/core";
import { Command } from "commander";
import { findAgent } from "../../api/agent.js";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listPurchases } from "../../output/spend.js";
import type { Terminal } from "../../terminal.js";
import { parseLimit, parseWords, withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly status?: readonly PurchaseStatus[];
  readonly agent?: string;
  readonly category?: string;
  readonly limit: number;
}

export function purchasesCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("purchases")))
    .description("List purchases, newest first.")
    .option("--status <list>", PURCHASE_STATUSES.join(", "), parseWords(PURCHASE_STATUSES))
    .option("--agent <name>", "only this agent's")
    .option("--category <name>", "only this category")
    .option("--limit <number>", `1 to ${LIMITS.maxPageSize}`, parseLimit(LIMITS.maxPageSize), 20)
    .addHelpText(
      "after",
      `
A pending purchase is decided like every request: holdpoint requests approve <id>

Examples:
  holdpoint spend purchases --status pending
  holdpoint spend purchases --json | jq -r '.data[].amount'`,
    )
    .action((options: Options) => purchases(terminal, options));
}

async function purchases(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { listSchema, purchaseSchema } = await import("@holdpoint/protocol/schemas");
  const { status, agent, category, limit } = options;
  const list = await client.call<WireList<WirePurchase>>(
    {
      path: "/v1/purchases",
      query: {
        status: status?.join(","),
        agent_id: agent && (await findAgent(client, agent)).id,
        category,
        limit: String(limit),
      },
    },
    listSchema(purchaseSchema),
  );
  const isFiltered = status !== undefined || agent !== undefined || category !== undefined;
  printAnswer(terminal, options, list, ({ data, next_cursor }) => {
    if (data.length === 0) return isFiltered ? "No purchase matches." : NOTHING;
    const rows = listPurchases(data, Date.now(), terminal.colours);
    return next_cursor === null ? rows : `${rows}\n\nThere is more: raise --limit.`;
  });
}

const NOTHING =
  "Nothing was bought yet.\nWhat agents may spend: holdpoint spend policy   and   holdpoint spend budget";
