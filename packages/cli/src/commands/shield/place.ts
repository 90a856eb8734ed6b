import type { Command } from "commander";
import type { AnswerSchema, Call, OperatorClient } from "../../api/client.js";
import { type CommandFailure, hasCode } from "../../failure.js";
import { printableLine } from "../../output/text.js";

/** Which profile of a service. */
export interface PlaceOptions {
  readonly environment?: string;
}

export function withEnvironment(command: Command): Command {
  return command.option(
    "--environment <name>",
    "in this environment (default: of what named none when it happened)",
  );
}

/** A call about one service's profile; `path` goes on behind its own. */
export interface ProfileCall extends Omit<Call, "path"> {
  readonly service: string;
  readonly path?: "" | "/runs" | "/steps" | "/mode" | "/settings" | "/reviews";
}

/** @throws {CommandFailure} `notFound`, with where to look, when nothing follows the service. */
export async function callProfile<Answer>(
  client: OperatorClient,
  { service, path = "", ...call }: ProfileCall,
  schema: AnswerSchema,
): Promise<Answer> {
  try {
    return await client.call<Answer>(
      { ...call, path: `/v1/shield/${encodeURIComponent(service)}${path}` },
      schema,
    );
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw error.withNext("holdpoint shield   (lists what there is)");
  }
}

export function isMissing(error: unknown): error is CommandFailure {
  return hasCode(error, "RESOURCE_NOT_FOUND");
}

/** How a profile is named on a command line, for what to run next. */
export function argumentsOf(service: string, environment: string | undefined): string {
  const quoted = [service, environment].map((text) => text && quote(printableLine(text, 100)));
  return quoted[1] ? `${quoted[0]} --environment ${quoted[1]}` : String(quoted[0]);
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
