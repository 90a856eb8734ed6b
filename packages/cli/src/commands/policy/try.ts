import { LIMITS } from "@holdpoint/protocol";
import type { WirePolicyTrial, WireTryPolicy } from "@holdpoint/protocol/policy";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { readFileText } from "../../documents/read.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describeTrial } from "../../output/policy.js";
import type { Terminal } from "../../terminal.js";
import { parseDurationOption, parseLimit, withConnection, withJson } from "../options.js";
import { requireValid } from "./check.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly since?: number;
  readonly limit?: number;
}

export function tryCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("try")))
    .description("See what a policy would have said of past requests. Changes nothing.")
    .argument("<file>", "Cedar, or - for standard input")
    .option("--since <duration>", "how far back: 7d, 12h, … (default: any)", parseDurationOption)
    .option(
      "--limit <number>",
      `how many, newest first: 1 to ${LIMITS.policyTrialRequests} (default: 200)`,
      parseLimit(LIMITS.policyTrialRequests),
    )
    .addHelpText("after", "\nExample:\n  holdpoint policy try policy.cedar --since 7d")
    .action((file: string, options: Options) => tryPolicy(terminal, file, options));
}

async function tryPolicy(terminal: Terminal, file: string, options: Options): Promise<void> {
  const text = await readFileText(terminal, file);
  await requireValid(terminal, file, text);
  const client = await connectOperator(terminal, options);
  const { policyTrialSchema } = await import("@holdpoint/protocol/schemas");
  const { since, limit } = options;
  const now = Date.now();
  const body: WireTryPolicy = {
    text,
    ...(since !== undefined && { since: new Date(now - since).toISOString() }),
    ...(limit !== undefined && { limit }),
  };
  const trial = await client.call<WirePolicyTrial>(
    { method: "POST", path: "/v1/policies/try", body },
    policyTrialSchema,
  );
  printAnswer(terminal, options, trial, (value) => describeTrial(value, now, terminal.colours));
}
