import type { WireAuthority, WireSetAuthority } from "@holdpoint/protocol/gate";
import { Command } from "commander";
import { connectOperator } from "../api/client.js";
import type { ConnectionOptions } from "../api/connection.js";
import { type AnswerOptions, printAnswer } from "../output/answer.js";
import type { Colours, Terminal } from "../terminal.js";
import { withConnection, withJson } from "./options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly reason?: string;
}

export function freezeCommand(terminal: Terminal): Command {
  return switchCommand("freeze")
    .description("Freeze all authority at once: nothing approved or leased before can run.")
    .addHelpText(
      "after",
      `
Asks nothing, so that it is quick. Everybody in the project may freeze; only an admin thaws. What
was approved before stays frozen for ever and has to be approved again.

Example:
  holdpoint freeze --reason "An agent sends refunds that nobody asked for."`,
    )
    .action((options: Options) => turn(terminal, options, true));
}

export function thawCommand(terminal: Terminal): Command {
  return switchCommand("thaw")
    .description("Let agents get leases and run actions again, after `freeze`. Admins only.")
    .action((options: Options) => turn(terminal, options, false));
}

function switchCommand(name: string): Command {
  return withJson(withConnection(new Command(name))).option(
    "--reason <text>",
    "why, for the record",
  );
}

async function turn(terminal: Terminal, options: Options, frozen: boolean): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { authoritySchema } = await import("@holdpoint/protocol/schemas");
  const body: WireSetAuthority = { frozen, ...(options.reason && { reason: options.reason }) };
  const authority = await client.call<WireAuthority>(
    { method: "PUT", path: "/v1/authority", body },
    authoritySchema,
  );
  printAnswer(terminal, options, authority, (value) => describe(value, terminal.colours));
}

function describe({ frozen, epoch, receipt_id }: WireAuthority, { red, green }: Colours): string {
  const receipt = receipt_id === undefined ? "" : ` Receipt: ${receipt_id}`;
  if (!frozen) {
    return `${green("✓")} Authority is in force again, epoch ${epoch}.${receipt}
Agents get new leases by themselves. What was approved before has to be approved again.`;
  }
  return `${red("✗")} All authority is frozen, epoch ${epoch}.${receipt}
Nothing approved or leased before will run, and nothing new begins. What was
running ends as it ends, and is put on record.
Let it go on: holdpoint thaw`;
}
