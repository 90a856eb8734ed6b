import { text } from "node:stream/consumers";
import type { WireSecret } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson, wrongUsage } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function setCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("set")))
    .description("Keep a secret, or replace it. Admins only.")
    .argument("<name>", "in capitals, as manifests name it: GITHUB_TOKEN")
    .addHelpText(
      "after",
      `
The value is asked for without being shown, or read from standard input; a line feed at its end is
left out. It is no argument, where every user of the machine and the shell's history would see it.

Examples:
  holdpoint secrets set GITHUB_TOKEN
  op read op://work/github/token | holdpoint secrets set GITHUB_TOKEN`,
    )
    .action((name: string, options: Options) => set(terminal, name, options));
}

async function set(terminal: Terminal, name: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const value = await readValue(terminal, name);
  if (value === "") {
    throw wrongUsage("Expected a value, got nothing.", "holdpoint secrets set --help");
  }
  const { secretSchema } = await import("@holdpoint/protocol/schemas");
  const secret = await client.call<WireSecret>(
    { method: "PUT", path: `/v1/secrets/${encodeURIComponent(name)}`, body: { value } },
    secretSchema,
  );
  printAnswer(
    terminal,
    options,
    secret,
    () =>
      `${terminal.colours.green("✓")} ${secret.name} is kept, sealed, and put into calls from now on.`,
  );
}

async function readValue(terminal: Terminal, name: string): Promise<string> {
  if (!terminal.interactive) return (await text(terminal.input)).replace(/\r?\n$/, "");
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({
    message: `Value of ${name}`,
    input: terminal.input,
    output: terminal.screen,
    signal: terminal.stopped,
  });
  if (isCancel(answer))
    throw new CommandFailure({ reason: "failed", message: "Nothing was kept." });
  return answer;
}
