/**
 * Run by replicas.postgres.test.ts: a control plane that asks and decides until it is killed. Says
 * `<id> <status>.` of everything it was told is done. Arguments: database, API key, operator token.
 */
import { writeSync } from "node:fs";
import { callsTo, draft, openReplica } from "./testing/replica.js";

const [, , url = "", agent = "", admin = ""] = process.argv;
const say = (line: string) => writeSync(1, `${line}\n`);
const call = callsTo(await openReplica(url));

async function work(): Promise<void> {
  for (;;) {
    const body = draft();
    await done(call("POST", "/v1/requests", agent, body), body.id, "PENDING");
    const decision = { decision: "approve", revision: 1 };
    await done(
      call("POST", `/v1/requests/${body.id}/decision`, admin, decision),
      body.id,
      "APPROVED",
    );
  }
}

async function done(answer: Promise<Response>, id: string, status: string): Promise<void> {
  if ((await answer).ok) say(`${id} ${status}.`);
}

await Promise.all(Array.from({ length: 8 }, work));
