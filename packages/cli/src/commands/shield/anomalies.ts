import { LIMITS, type WireList } from "@holdpoint/protocol";
import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listAnomalies } from "../../output/shield.js";
import type { Terminal } from "../../terminal.js";
import { parseLimit, withConnection, withJson } from "../options.js";
import { callProfile, type PlaceOptions, withEnvironment } from "./place.js";

interface Options extends ConnectionOptions, AnswerOptions, PlaceOptions {
  readonly open?: boolean;
  readonly limit: number;
}

export function anomaliesCommand(terminal: Terminal): Command {
  return withJson(withConnection(withEnvironment(new Command("anomalies"))))
    .description("List what was unlike the baseline of a service, newest first, and why.")
    .argument("<service>", "as `holdpoint shield` lists it")
    .option("--open", "only what nobody has called usual or unusual")
    .option("--limit <number>", `1 to ${LIMITS.maxPageSize}`, parseLimit(LIMITS.maxPageSize), 20)
    .addHelpText(
      "after",
      `
A request (req_…) is answered by approving or rejecting it; anything else by a review.

Examples:
  holdpoint shield anomalies deploy --open
  holdpoint shield anomalies deploy --json | jq -r '.data[].verdict.explanation'`,
    )
    .action((service: string, options: Options) => anomalies(terminal, service, options));
}

async function anomalies(terminal: Terminal, service: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { listSchema, shieldStepSchema } = await import("@holdpoint/protocol/schemas");
  const { environment, open, limit } = options;
  const query = {
    environment,
    anomalous: "true",
    reviewed: open ? "false" : undefined,
    limit: String(limit),
  };
  const list = await callProfile<WireList<WireShieldStep>>(
    client,
    { service, path: "/steps", query },
    listSchema(shieldStepSchema),
  );
  printAnswer(terminal, options, list, ({ data, next_cursor }) => {
    if (data.length === 0) {
      return open ? "No anomaly waits for a review." : "Nothing was unlike the baseline.";
    }
    const rows = listAnomalies(data, Date.now(), terminal.colours);
    return next_cursor === null ? rows : `${rows}\n\nThere is more: raise --limit.`;
  });
}
