// An agent in a process of its own that pays once, and may be killed on the way. It takes
// HOLDPOINT_* from the environment and one JSON argument (PayingAgent). Each payment appends a line
// to the file `effects`, as a payment provider would. Prints `{"pending":id}` when a person has to
// decide, and one line at the end: `{"paid":{status,actualAmount,result}}` or `{"error":{name,code}}`.
import { appendFileSync } from "node:fs";
import { Holdpoint } from "@holdpoint/sdk";

/** Where the process is killed, by itself, with SIGKILL. */
export type DeathAt =
  | "before reserving"
  | "after reserving"
  | "before claim"
  | "after claim"
  | "after paying"
  | "before record"
  | "after record"
  | "before confirm"
  | "after confirm";

export interface PayingAgent {
  readonly effects: string;
  readonly order: string;
  readonly idempotent?: boolean;
  readonly dieAt?: DeathAt;
}

const agent = JSON.parse(process.argv[2] ?? "{}") as PayingAgent;

function dieAt(place: DeathAt): void {
  if (agent.dieAt === place) process.kill(process.pid, "SIGKILL");
}

const CALLS = [
  ["/purchases", "before reserving", "after reserving"],
  ["/executions", "before claim", "after claim"],
  ["/commit", "before record", "after record"],
  ["/confirm", "before confirm", "after confirm"],
] as const;

async function fatalFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const path = new URL(String(input)).pathname;
  const [, before, after] = CALLS.find(([end]) => path.endsWith(end)) ?? [];
  if (before) dieAt(before);
  const response = await fetch(input, init);
  if (after) dieAt(after);
  return response;
}

const hp = new Holdpoint({ fetch: fatalFetch });
try {
  const { purchase, result } = await hp.spend.guard(
    {
      amount: "12.50",
      currency: "EUR",
      category: "cloud",
      description: "One GPU for a day.",
      idempotencyKey: agent.order,
      idempotent: agent.idempotent ?? false,
      leaseMs: 1_000,
      onPending: ({ requestId }) => console.log(JSON.stringify({ pending: requestId })),
    },
    ({ approvedAmount }, { idempotencyKey }) => {
      const args = { order: agent.order, amount: approvedAmount };
      appendFileSync(agent.effects, `${JSON.stringify({ args, idempotencyKey })}\n`);
      dieAt("after paying");
      return { actualAmount: "11.99", result: { charge: "ch_1" } };
    },
  );
  const { status, actualAmount } = purchase;
  console.log(JSON.stringify({ paid: { status, actualAmount, result } }));
} catch (error) {
  const { name, code } = error as { readonly name: string; readonly code?: string };
  console.log(JSON.stringify({ error: { name, code } }));
}
