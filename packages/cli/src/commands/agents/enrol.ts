import type { WireCreateEnrolment, WireEnrolment } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { printableLine } from "../../output/text.js";
import { exactTime } from "../../output/time.js";
import type { Terminal } from "../../terminal.js";
import { collect, parseDurationOption, withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly scope?: readonly string[];
  readonly expires?: number;
}

export function enrolCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("enrol")))
    .alias("enroll")
    .description("Let an agent make a key of its own, with a code that works once. Admins only.")
    .argument("<name>", "the agent; made if there is none so called")
    .option(
      "--scope <scope>",
      "gate, requests:read, requests:write, or actions:<id>; may be given several times (default: all)",
      collect,
    )
    .option("--expires <duration>", "the code's: 10m, 12h, … (default: 1d)", parseDurationOption)
    .addHelpText(
      "after",
      `
The key is made where the agent runs and never leaves it: there is no shared secret.

Example:
  holdpoint agents enrol billing-bot --scope actions:stripe-refund --scope requests:write`,
    )
    .action((name: string, options: Options) => enrol(terminal, name, options));
}

async function enrol(terminal: Terminal, name: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { enrolmentSchema } = await import("@holdpoint/protocol/schemas");
  const { scope, expires } = options;
  const body: WireCreateEnrolment = {
    agent: name,
    ...(scope && { scopes: scope }),
    ...(expires && { expires_in_ms: expires }),
  };
  const enrolment = await client.call<WireEnrolment>(
    { method: "POST", path: "/v1/enrolments", body },
    enrolmentSchema,
  );
  printAnswer(terminal, options, enrolment, (value) => describe(value, client.url));
}

function describe({ agent, scopes, code, expires_at }: WireEnrolment, url: string): string {
  return `Agent ${printableLine(agent.name)} may enrol one key: ${scopes.join(", ")}.
The code works once, until ${exactTime(expires_at, Date.now())}:

  ${code}

Where the agent runs, with @holdpoint/sdk installed, once:

  export HOLDPOINT_URL=${url}
  (umask 077; node --input-type=module -e '
    import { createAgentWorkspace } from "@holdpoint/sdk";
    const code = "${code}";
    console.log(JSON.stringify(await createAgentWorkspace({ code })));' > agent.json)

Then, each time it starts:

  export HOLDPOINT_AGENT_KEY="$(cat agent.json)"`;
}
