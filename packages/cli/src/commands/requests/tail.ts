import { Command, InvalidArgumentError } from "commander";
import { connectOperator } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import type { LiveEvent } from "../../api/events.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { eventLine } from "../../output/event.js";
import { parseDuration } from "../../output/time.js";
import type { Terminal } from "../../terminal.js";
import { withConnection, withJson } from "../options.js";

/** Where to begin: after an event's sequence, or with the events from a time on. */
interface Since {
  readonly after: number;
  readonly fromMs: number;
}

interface Options extends ConnectionOptions, AnswerOptions {
  readonly since?: Since;
}

export function tailCommand(terminal: Terminal): Command {
  return withJson(withConnection(new Command("tail")))
    .description("Follow requests and decisions as they happen. Ctrl-C ends it.")
    .option(
      "--since <when>",
      "begin in the past: 10m, 2026-11-22T09:00:00Z, or the sequence of an event",
      parseSince,
    )
    .addHelpText(
      "after",
      `
A lost connection is taken up again where it broke off. With --json each event is one line, and
its "sequence" is what --since takes.

Examples:
  holdpoint requests tail --since 1h
  holdpoint requests tail --json | jq -r 'select(.type == "request.rejected") | .reason'`,
    )
    .action((options: Options) => tail(terminal, options));
}

async function tail(terminal: Terminal, options: Options): Promise<void> {
  const { url, token } = await connectOperator(terminal, options);
  const { followEvents } = await import("../../api/events.js");
  const { since } = options;
  const show = (event: LiveEvent) => {
    if (since !== undefined && Date.parse(event.at) < since.fromMs) return;
    printAnswer(terminal, options, event, () => eventLine(event, terminal.colours));
  };
  await followEvents({
    url,
    operatorToken: token,
    signal: terminal.stopped,
    ...(since && { after: since.after }),
    onEvent: show,
    onOpen: () => terminal.note(terminal.colours.dim(`Following ${url}. Ctrl-C ends it.`)),
    onLost: (retryInMs) => terminal.note(`Connection lost. Trying again in ${retryInMs} ms.`),
  });
}

function parseSince(text: string): Since {
  if (/^\d{1,15}$/.test(text)) return { after: Number(text), fromMs: 0 };
  const durationMs = parseDuration(text);
  const fromMs = durationMs === undefined ? Date.parse(text) : Date.now() - durationMs;
  if (Number.isFinite(fromMs)) return { after: 0, fromMs };
  throw new InvalidArgumentError("Expected 90s, 10m, 12h, 30d, an ISO 8601 time or a sequence.");
}
