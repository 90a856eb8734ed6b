import { type Problem, parseProblem } from "@holdpoint/protocol";
import type { ExitReason } from "../exit-codes.js";
import { CommandFailure } from "../failure.js";
import { printableLine } from "../output/text.js";
import type { Terminal } from "../terminal.js";
import { type ConnectionOptions, findConnection } from "./connection.js";

/** Milliseconds a call may take. The control plane answers in a few; this only ends a hang. */
const CALL_TIMEOUT_MS = 30_000;

/** What a schema of the protocol is to us. */
export interface AnswerSchema {
  safeParse(value: unknown): { readonly success: boolean };
}

/** Where the answer is that it was done. */
export const NO_CONTENT: AnswerSchema = {
  safeParse: (value) => ({ success: value === undefined }),
};

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** Calls the control plane as an operator. */
export interface OperatorClient {
  readonly url: string;
  readonly token: string;
  /** Answers the body once `schema` accepts it. Every failure is a {@link CommandFailure}. */
  call<Answer>(call: Call, schema: AnswerSchema): Promise<Answer>;
}

/** @throws {CommandFailure} `refused` when there is no operator token. */
export async function connectOperator(
  terminal: Terminal,
  options: ConnectionOptions,
): Promise<OperatorClient> {
  const { url, operatorToken } = await findConnection(terminal, options);
  if (operatorToken === undefined) {
    throw new CommandFailure({
      reason: "refused",
      message: `Not signed in to ${url}: there is no operator token.`,
      next: "run this in the folder where `holdpoint dev` runs, or set HOLDPOINT_OPERATOR_TOKEN",
    });
  }
  return {
    url,
    token: operatorToken,
    call: async <Answer>(call: Call, schema: AnswerSchema) => {
      const response = await send(url, operatorToken, call, terminal.stopped);
      return (await read(response, schema)) as Answer;
    },
  };
}

async function send(url: string, token: string, call: Call, stopped: AbortSignal) {
  const { method = "GET", path, query = {}, body } = call;
  const address = new URL(url + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, value);
  }
  try {
    return await fetch(address, {
      method,
      redirect: "error",
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([stopped, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    });
  } catch (error) {
    throw stopped.aborted ? interrupted() : unreachable(url, error);
  }
}

async function read(response: Response, schema: AnswerSchema): Promise<unknown> {
  const body: unknown =
    response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, parseProblem(body));
  if (schema.safeParse(body).success) return body;
  throw new CommandFailure({
    reason: "failed",
    message: "The answer is not a control plane's.",
    code: "RESPONSE_INVALID",
    next: "check HOLDPOINT_URL, then: holdpoint doctor",
  });
}

function interrupted(): CommandFailure {
  return new CommandFailure({ reason: "interrupted", message: "Stopped." });
}

export function unreachable(url: string, cause: unknown): CommandFailure {
  return new CommandFailure({
    reason: "unreachable",
    message: `No control plane answers at ${url}.`,
    code: "CONNECTION_FAILED",
    cause,
    next: "holdpoint dev   (or check HOLDPOINT_URL)",
  });
}

/** The failure that an error answer means. `problem` is absent when something else answered. */
export function refusal(status: number, problem: Problem | undefined): CommandFailure {
  const issues = (problem?.issues ?? []).map(
    ({ path, message }) => `\n  ${printableLine(path)}  ${printableLine(message, 300)}`,
  );
  const said = problem ? printableLine(problem.detail, 600) : `The answer was HTTP ${status}.`;
  return new CommandFailure({
    reason: reasonOf(status),
    message: [said, ...issues].join(""),
    code: problem?.code,
    next: NEXT_STEPS[problem?.code ?? ""] ?? "holdpoint doctor",
  });
}

function reasonOf(status: number): ExitReason {
  if (status === 401 || status === 403) return "refused";
  if (status === 404) return "notFound";
  if (status === 409) return "conflict";
  if (status === 429 || status >= 500) return "unreachable";
  return "usage";
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  CREDENTIAL_INVALID: "set HOLDPOINT_OPERATOR_TOKEN to a token that is neither revoked nor expired",
  ROLE_REQUIRED: "ask an admin, or see who may: holdpoint operators ls",
  REQUEST_NOT_FOUND: "holdpoint requests ls --status all",
  RECEIPT_NOT_FOUND: "holdpoint requests show <id>   (names the receipt of its decision)",
  RESOURCE_NOT_FOUND: "holdpoint keys ls   or   holdpoint operators ls",
  ALREADY_DECIDED: "holdpoint requests ls",
  REVISION_CONFLICT: "look at it again: holdpoint requests show <id>",
  PATCH_INVALID: "correct the edit; the schema: holdpoint requests show <id>",
  SPEND_POLICY_INVALID: "correct the policy, then set it again",
  ACTION_NOT_FOUND: "holdpoint actions ls",
  ACTION_INVALID: "correct the manifest; holdpoint actions check <file> says where",
  POLICY_INVALID: "correct the policy; holdpoint policy check <file> says where",
  AUTHORITY_FROZEN: "an admin lets it go on: holdpoint thaw",
  SPENDING_STOPPED: "see what is stopped: holdpoint spend policy",
  BUDGET_BELOW_COMMITTED: "see what is held and spent: holdpoint spend budget",
  RATE_LIMITED: "wait a moment, then run it again",
};
