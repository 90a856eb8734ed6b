import type { WireList } from "@holdpoint/protocol";
import type { WireShieldProfile } from "@holdpoint/protocol/shield";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listProfiles } from "../../output/shield.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import type { PlaceOptions } from "./place.js";

interface Options extends ConnectionOptions, AnswerOptions, PlaceOptions {}

export function lsCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("ls")))
    .alias("list")
    .description("List the services that the shield follows.")
    .option("--environment <name>", "only of this environment")
    .addHelpText(
      "after",
      `
shadow: it learns, and says what it would have done. locked: it has learnt, and what is
unlike that is told. enforce: what is unlike that waits for a person.

Examples:
  holdpoint shield
  holdpoint shield --json | jq -r '.data[] | select(.mode == "shadow") | .service'`,
    )
    .action((options: Options) => ls(terminal, options));
}

async function ls(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { listSchema, shieldProfileSchema } = await import("@holdpoint/protocol/schemas");
  const list = await client.call<WireList<WireShieldProfile>>(
    { path: "/v1/shield" },
    listSchema(shieldProfileSchema),
  );
  const { environment } = options;
  const data = list.data.filter((one) => !environment || one.environment === environment);
  printAnswer(terminal, options, { ...list, data }, () => {
    if (data.length > 0) return listProfiles(data, Date.now(), terminal.colours);
    return list.data.length > 0 ? "Nothing is followed in this environment." : NOTHING;
  });
}

const NOTHING =
  "The shield follows nothing yet: no agent has told what it does, or asked for anything.\nAgents tell it with hp.observe(…); adapters do it by themselves.";
