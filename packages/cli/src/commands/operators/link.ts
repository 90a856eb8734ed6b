import type { WireIdentity } from "@holdpoint/protocol";
import { Command } from "commander";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { exactTime } from "../../output/time.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";
import { listOperators } from "./list.js";

interface Options extends ConnectionOptions, AnswerOptions {}

export function linkCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("link")))
    .description("Print a fresh one-time sign-in link: your own, or that of another operator.")
    .argument("[operator]", "e-mail address or id (usr_…); default: yourself")
    .action((operator: string | undefined, options: Options) => link(terminal, operator, options));
}

async function link(terminal: Terminal, operator: string | undefined, options: Options) {
  const client = await connectOperator(terminal, options);
  const { signInLinkSchema } = await import("@holdpoint/protocol/schemas");
  const id = operator === undefined ? await ownId(client) : await findId(client, operator);
  const signIn = await client.call<{ readonly url: string; readonly expires_at: string }>(
    { method: "POST", path: `/v1/operators/${id}/sign-in-link` },
    signInLinkSchema,
  );
  printAnswer(
    terminal,
    options,
    signIn,
    ({ url, expires_at }) => `${url}\nWorks once, until ${exactTime(expires_at, Date.now())}.`,
  );
}

async function ownId(client: OperatorClient): Promise<string> {
  const { identitySchema } = await import("@holdpoint/protocol/schemas");
  const identity = await client.call<WireIdentity>({ path: "/v1/me" }, identitySchema);
  if (identity.type === "operator") return identity.operator.id;
  throw new CommandFailure({
    reason: "refused",
    message: "Expected an operator's token in HOLDPOINT_OPERATOR_TOKEN, got an agent's API key.",
    next: "set HOLDPOINT_OPERATOR_TOKEN to a token that begins with hpo_",
  });
}

async function findId(client: OperatorClient, operator: string): Promise<string> {
  const { data } = await listOperators(client);
  const wanted = operator.toLowerCase();
  const found = data.find(({ id, email }) => id === operator || email.toLowerCase() === wanted);
  if (found) return found.id;
  throw new CommandFailure({
    reason: "notFound",
    message: "No such operator in this project.",
    next: "holdpoint operators ls",
  });
}
