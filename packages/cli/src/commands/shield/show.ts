import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { describeProfile } from "../../output/shield.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { callProfile, type PlaceOptions, withEnvironment } from "./place.js";

interface Options extends ConnectionOptions, AnswerOptions, PlaceOptions {}

export function showCommand(terminal: Terminal): Command {
  return withJson(withConnection(withEnvironment(new Command("show"))))
    .description("Show what is known of one service, and what enforcing it would have held.")
    .argument("<service>", "as `holdpoint shield` lists it")
    .addHelpText(
      "after",
      `
Examples:
  holdpoint shield show deploy --environment production
  holdpoint shield show deploy --json | jq '.graph.edges[] | select(.to == "apply_terraform")'`,
    )
    .action((service: string, options: Options) => show(terminal, service, options));
}

async function show(terminal: Terminal, service: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { shieldDetailsSchema } = await import("@holdpoint/protocol/schemas");
  const { environment } = options;
  const profile = await callProfile<WireShieldDetails>(
    client,
    { service, query: { environment } },
    shieldDetailsSchema,
  );
  printAnswer(terminal, options, profile, (value) =>
    describeProfile(value, Date.now(), terminal.colours),
  );
}
