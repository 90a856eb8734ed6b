import {
  LIMITS,
  PRIORITIES,
  type Priority,
  REQUEST_STATUSES,
  type RequestStatus,
  type WireList,
  type WireRequest,
} from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listRequests } from "../../output/request.js";
import type { Terminal } from "../../terminal.js";
import { parseLimit, parseWords, withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly status: readonly (RequestStatus | "ALL")[];
  readonly priority?: readonly Priority[];
  readonly service?: string;
  readonly action?: string;
  readonly search?: string;
  readonly limit: number;
}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List requests: by default what waits for a decision, most urgent first.")
    .option(
      "--status <list>",
      "pending, approved, approved_with_modifications, rejected, expired, cancelled or all",
      parseWords(["ALL", ...REQUEST_STATUSES]),
      ["PENDING"],
    )
    .option("--priority <list>", "low, medium, high, critical", parseWords(PRIORITIES))
    .option("--service <name>", "only this service")
    .option("--action <name>", "only this action")
    .option("--search <text>", "ids, services, actions, agents and deciders that contain this")
    .option("--limit <number>", `1 to ${LIMITS.maxPageSize}`, parseLimit(LIMITS.maxPageSize), 20)
    .addHelpText(
      "after",
      `
Examples:
  holdpoint requests ls
  holdpoint requests ls --status rejected,expired --service billing
  holdpoint requests ls --json | jq -r '.data[].id'`,
    )
    .action((options: Options) => ls(terminal, options));
}

async function ls(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { listSchema, requestSchema } = await import("@holdpoint/protocol/schemas");
  const { status, priority, service, action, search, limit } = options;
  const pendingOnly = status.every((each) => each === "PENDING");
  const list = await client.call<WireList<WireRequest>>(
    {
      path: "/v1/requests",
      query: {
        status: status.includes("ALL") ? undefined : status.join(","),
        priority: priority?.join(","),
        service,
        action,
        search,
        limit: String(limit),
        order: pendingOnly ? "triage" : "newest",
      },
    },
    listSchema(requestSchema),
  );
  printAnswer(terminal, options, list, ({ data, next_cursor }) => {
    if (data.length === 0) return emptyText(pendingOnly);
    const rows = listRequests(data, Date.now(), terminal.colours);
    const more = `There is more: raise --limit or narrow the search.`;
    return next_cursor === null ? rows : `${rows}\n\n${more}`;
  });
}

function emptyText(pendingOnly: boolean): string {
  return pendingOnly
    ? "Nothing waits for a decision.\nEverything there was: holdpoint requests ls --status all"
    : "No request matches.";
}
