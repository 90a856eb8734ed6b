import type { WireOperator } from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { printableLine } from "../../output/text.js";
import { exactTime } from "../../output/time.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

interface Options extends ConnectionOptions, AnswerOptions {
  readonly roles: string;
  readonly name?: string;
}

interface InvitedOperator extends WireOperator {
  readonly sign_in: { readonly url: string; readonly expires_at: string };
}

export function inviteCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("invite")))
    .description("Invite a person and print their one-time sign-in link.")
    .argument("<email>", "their e-mail address")
    .option("--roles <list>", "viewer, approver, admin, or names such as finance", "approver")
    .option("--name <name>", "how the record shows them")
    .addHelpText(
      "after",
      `
A viewer reads; an approver decides what is routed to no role; an admin decides everything and
administers; any other role decides what is routed to it.

Example:
  holdpoint operators invite ada@example.com --roles approver,finance`,
    )
    .action((email: string, options: Options) => invite(terminal, email, options));
}

async function invite(terminal: Terminal, email: string, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const { invitedOperatorSchema } = await import("@holdpoint/protocol/schemas");
  const roles = options.roles.split(",").map((role) => role.trim());
  const operator = await client.call<InvitedOperator>(
    {
      method: "POST",
      path: "/v1/operators",
      body: { email, roles, ...(options.name && { name: options.name }) },
    },
    invitedOperatorSchema,
  );
  printAnswer(terminal, options, operator, ({ sign_in }) =>
    [
      `${printableLine(operator.email)} may sign in as ${operator.roles.join(", ")}. Send them this link; it works once:`,
      "",
      `  ${sign_in.url}`,
      "",
      `Valid until ${exactTime(sign_in.expires_at, Date.now())}.`,
    ].join("\n"),
  );
}
