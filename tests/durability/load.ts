import type { Problem, WireExecution, WireReceipt, WireRequest } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { Random } from "../harness/random.js";
import type { Entry, Ledger } from "./ledger.js";

/** Where to send calls, and as whom. */
export interface Server {
  readonly url: string;
  readonly apiKey: string;
  readonly operatorToken: string;
}

/** The calls of one writer. `undefined`: no answer, or one that acknowledges nothing. */
type Send = (
  as: "agent" | "operator",
  path: string,
  body?: object,
  key?: string,
) => Promise<{ readonly status: number; readonly body: unknown } | undefined>;

/**
 * Makes, decides, claims and settles requests, one after another and each step by chance twice at
 * once, noting every answer, until the server is gone or `signal` ends it.
 */
export async function write(
  server: Server,
  ledger: Ledger,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const { send, isGone } = connect(server);
  for (let round = 0; !isGone() && !signal.aborted; round++) {
    // However short it lasts, some is made under keys.
    if (round < 2 || random.next() < 0.15)
      await makeKeyed(`key-${typeidUnboxed("tok")}`, ledger, random, send);
    const id = typeidUnboxed("req");
    const entry = ledger.entry(id);
    await runThrough({ id, entry, ledger, random, send });
    // Nothing comes of asking a server without a database as fast as one can.
    if (!entry.created) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends some of what was sent under a key before once more, answered or not. */
export async function repeat(server: Server, ledger: Ledger, random: Random): Promise<void> {
  const { send } = connect(server);
  const keys = [...ledger.keyed.keys()];
  const some = Array.from({ length: Math.min(keys.length, 8) }, () => random.pick(keys));
  for (const key of new Set(some)) await makeKeyed(key, ledger, random, send);
}

function connect(server: Server): { readonly send: Send; readonly isGone: () => boolean } {
  let isGone = false;
  const send: Send = async (as, path, body, key) => {
    try {
      const response = await fetch(server.url + path, {
        headers: {
          authorization: `Bearer ${as === "agent" ? server.apiKey : server.operatorToken}`,
          "content-type": "application/json",
          ...(key !== undefined && { "idempotency-key": key }),
        },
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      });
      const answer = { status: response.status, body: (await response.json()) as unknown };
      // A server without its database says so, and acknowledges nothing.
      return response.status < 500 ? answer : undefined;
    } catch {
      isGone = true;
      return undefined;
    }
  };
  return { send, isGone: () => isGone };
}

/** Makes a token under an Idempotency-Key; every answer to one key has to be the same. */
async function makeKeyed(key: string, ledger: Ledger, random: Random, send: Send): Promise<void> {
  if (!ledger.keyed.has(key)) ledger.keyed.set(key, undefined);
  const answers = await twiceByChance(random, () =>
    send("operator", "/v1/operator-tokens", { name: key }, key),
  );
  for (const answer of answers) {
    // The other of the two is still under way.
    if (answer === undefined || answer.status === 409) continue;
    const told = JSON.stringify(answer);
    const before = ledger.keyed.get(key);
    if (answer.status !== 201 || (before !== undefined && before !== told)) {
      ledger.surprises.push(`${key}: answered ${answer.status}, or otherwise than before`);
    }
    ledger.keyed.set(key, told);
  }
}

interface Life {
  readonly id: string;
  readonly entry: Entry;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly send: Send;
}

/** One request from its making to its end; ends early where an answer is missing. */
async function runThrough(life: Life): Promise<void> {
  if (!(await create(life))) return;
  const status = await decide(life);
  if (status === undefined) return;
  if (life.random.next() < 0.2) await prove(life);
  if (status.startsWith("APPROVED")) await run(life);
}

async function create({ id, entry, ledger, random, send }: Life): Promise<boolean> {
  const body = {
    id,
    service: "load",
    action: "write",
    payload: { id, text: "x".repeat(random.integer(0, 1_000)) },
  };
  const answers = await twiceByChance(random, () => send("agent", "/v1/requests", body));
  for (const answer of answers) {
    if (answer === undefined) continue;
    if (answer.status === 201 || answer.status === 200) entry.acknowledge({ created: true });
    else ledger.surprises.push(`${id}: creating it answered ${answer.status}`);
  }
  return entry.created;
}

/** Two people decide at the same time, by chance differently. Answers what both were told. */
async function decide({ id, entry, ledger, random, send }: Life): Promise<string | undefined> {
  let decided: string | undefined;
  await twiceByChance(random, async () => {
    const approves = random.next() < 0.7;
    const edited = approves && random.next() < 0.3;
    entry.possible.add(edited ? "APPROVED_WITH_MODIFICATIONS" : approves ? "APPROVED" : "REJECTED");
    const answer = await send("operator", `/v1/requests/${id}/decision`, {
      decision: approves ? "approve" : "reject",
      revision: 1,
      ...(edited && { patched_payload: { edited: random.next() } }),
    });
    if (answer === undefined) return;
    const told =
      answer.status === 409
        ? (answer.body as Problem).current?.status
        : answer.status === 200
          ? (answer.body as WireRequest).status
          : undefined;
    if (told === undefined) {
      ledger.surprises.push(`${id}: deciding it answered ${answer.status}`);
      return;
    }
    if (decided !== undefined && decided !== told) {
      ledger.surprises.push(`${id}: decided as ${decided} and as ${told}`);
    }
    decided = told;
    entry.acknowledge({ status: told });
  });
  return decided;
}

/** Remembers the receipt of the decision, and the log's head at this moment. */
async function prove({ id, ledger, send }: Life): Promise<void> {
  const read = await send("operator", `/v1/requests/${id}`);
  const receiptId = (read?.body as WireRequest | undefined)?.receipt_id;
  const answer = receiptId && (await send("operator", `/v1/receipts/${receiptId}`));
  if (!answer) return;
  if (answer.status !== 200) {
    ledger.surprises.push(`${id}: its receipt answered ${answer.status}`);
    return;
  }
  const { id: rcp, jws, log } = answer.body as WireReceipt;
  ledger.receipts.set(rcp, jws);
  if (log !== undefined) ledger.checkpoints.add(log.checkpoint);
}

/** Two processes claim at the same time; who wins settles, by chance twice. */
async function run({ id, entry, ledger, random, send }: Life): Promise<void> {
  const read = await send("agent", `/v1/requests/${id}`);
  const grant = (read?.body as WireRequest | undefined)?.grant;
  if (grant === undefined) return;
  let won: WireExecution | undefined;
  await twiceByChance(random, async () => {
    const claim = typeidUnboxed("exe");
    entry.claimsAsked.add(claim);
    const answer = await send("agent", `/v1/requests/${id}/executions`, {
      id: claim,
      grant_id: grant.id,
      approved_digest: grant.approved_digest,
    });
    if (answer?.status === 201) {
      entry.claims.add(claim);
      entry.acknowledge({});
      won = answer.body as WireExecution;
    } else if (answer !== undefined && answer.status !== 409) {
      ledger.surprises.push(`${id}: claiming it answered ${answer.status}`);
    }
  });
  if (won === undefined || random.next() < 0.1) return;
  const [verb, status] = random.next() < 0.8 ? ["commit", "COMMITTED"] : ["fail", "FAILED"];
  entry.settledPossible.add(status as string);
  const outcome = verb === "commit" ? { result: { id } } : { error: { message: "No." } };
  const { id: execution, fencing_token } = won;
  const answers = await twiceByChance(random, () =>
    send("agent", `/v1/executions/${execution}/${verb}`, { fencing_token, ...outcome }),
  );
  for (const answer of answers) {
    if (answer === undefined) continue;
    if (answer.status === 200) entry.acknowledge({ settled: status });
    else ledger.surprises.push(`${id}: settling it answered ${answer.status}`);
  }
}

/** What two callers do at the same time, or one. */
function twiceByChance<Result>(random: Random, work: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: random.next() < 0.4 ? 2 : 1 }, work));
}
