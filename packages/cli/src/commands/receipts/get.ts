import { isId, type WireReceipt } from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson, wrongUsage } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function getCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("get")))
    .description("Print one receipt: a file that anybody can verify, offline, years later.")
    .argument("<id>", "receipt id (rcp_…), as `requests show` and webhooks name it")
    .addHelpText(
      "after",
      `
Example:
  holdpoint receipts get rcp_01h455vb4pex5vsknk084sn02q > receipt.json
  holdpoint verify receipt.json --keys keys.json`,
    )
    .action((id: string, options: Options) => get(terminal, id, options));
}

async function get(terminal: Terminal, id: string, options: Options): Promise<void> {
  if (!isId("receipt", id)) {
    throw wrongUsage(
      "Expected a receipt id: rcp_ and 26 characters.",
      "holdpoint requests show <id>",
    );
  }
  const client = await connectOperator(terminal, options);
  const { receiptSchema } = await import("@holdpoint/protocol/schemas");
  const receipt = await client.call<WireReceipt>({ path: `/v1/receipts/${id}` }, receiptSchema);
  printAnswer(terminal, options, receipt, (value) => JSON.stringify(value, null, 2));
}
