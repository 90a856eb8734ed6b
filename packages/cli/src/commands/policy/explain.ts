import { isId } from "@holdpoint/protocol";
import type { WireExplainPolicy, WirePolicyExplanation } from "@holdpoint/protocol/policy";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describeExplanation } from "../../output/policy.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson, wrongUsage } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function explainCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("explain")))
    .description("Say what the policy in force says of one request, by which statements, and why.")
    .argument("<id>", "request id (req_…)")
    .action((id: string, options: Options) => explain(terminal, id, options));
}

async function explain(terminal: Terminal, id: string, options: Options): Promise<void> {
  if (!isId("request", id)) {
    throw wrongUsage("Expected a request id: req_ and 26 characters.", "holdpoint requests ls");
  }
  const client = await connectOperator(terminal, options);
  const { policyExplanationSchema } = await import("@holdpoint/protocol/schemas");
  const body: WireExplainPolicy = { request_id: id };
  const explanation = await client.call<WirePolicyExplanation>(
    { method: "POST", path: "/v1/policies/explain", body },
    policyExplanationSchema,
  );
  printAnswer(terminal, options, explanation, (value) =>
    describeExplanation(value, terminal.colours),
  );
}
