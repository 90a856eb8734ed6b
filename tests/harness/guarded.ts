// An agent in a process of its own that runs one guarded function, and may be killed on the way. It
// takes HOLDPOINT_* from the environment and one JSON argument (GuardedAgent). Each run of the
// function appends a line to the file `effects`. Prints `{"pending":id}` when a person has to
// decide, and one line per call: `{"result":…}` or `{"error":{name,code,message}}`.
import { appendFileSync } from "node:fs";
import { Holdpoint } from "@holdpoint/sdk";

/** Where the process is killed, by itself, with SIGKILL. */
export type DeathAt =
  | "before claim"
  | "after claim"
  | "after the effect"
  | "before settle"
  | "after settle";

export interface GuardedAgent {
  readonly effects: string;
  readonly args: { readonly order: string; readonly amount: number };
  readonly runId?: string;
  readonly toolCallId?: string;
  readonly idempotent?: boolean;
  readonly dieAt?: DeathAt;
  /** How many calls at once. Default 1. */
  readonly calls?: number;
}

const agent = JSON.parse(process.argv[2] ?? "{}") as GuardedAgent;
const { runId = "run-1", toolCallId = "call-1", idempotent = false } = agent;

function dieAt(place: DeathAt): void {
  if (agent.dieAt === place) process.kill(process.pid, "SIGKILL");
}

async function fatalFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const path = new URL(String(input)).pathname;
  if (path.endsWith("/executions")) dieAt("before claim");
  if (path.endsWith("/commit")) dieAt("before settle");
  const response = await fetch(input, init);
  if (path.endsWith("/executions")) dieAt("after claim");
  if (path.endsWith("/commit")) dieAt("after settle");
  return response;
}

const hp = new Holdpoint({ fetch: fatalFetch });
const refund = hp.guard(
  {
    service: "billing",
    action: "refund",
    runId,
    toolCallId,
    idempotent,
    leaseMs: 1_000,
    onPending: ({ id }) => console.log(JSON.stringify({ pending: id })),
  },
  async (args: GuardedAgent["args"], { idempotencyKey }) => {
    appendFileSync(agent.effects, `${JSON.stringify({ args, idempotencyKey })}\n`);
    dieAt("after the effect");
    return { refunded: args.amount };
  },
);

const calls = Array.from({ length: agent.calls ?? 1 }, async () => {
  try {
    console.log(JSON.stringify({ result: await refund(agent.args) }));
  } catch (error) {
    const { name, code, message } = error as { name: string; code?: string; message: string };
    console.log(JSON.stringify({ error: { name, code, message } }));
  }
});
await Promise.all(calls);
