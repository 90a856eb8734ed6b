import type { WireList, WireRequest } from "@holdpoint/protocol";
import type { Random } from "../harness/random.js";

/** How long a decider looks away when nothing waits, in milliseconds. */
const LOOK_AWAY_MS = 20;

/** A decision that somebody was told they had made. */
export interface Told {
  readonly id: string;
  readonly status: string;
}

/**
 * Decides whatever waits, by chance, until stopped: approves, approves an edit or rejects. Failures
 * of the network are tried again by looking anew, so a decision may be sent several times.
 *
 * @returns Every decision it was told (2xx) it had made.
 */
export async function decideAll(options: {
  readonly url: string;
  readonly operatorToken: string;
  readonly random: Random;
  readonly signal: AbortSignal;
}): Promise<readonly Told[]> {
  const { url, operatorToken, random, signal } = options;
  const told: Told[] = [];
  const call = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(url + path, {
      headers: { authorization: `Bearer ${operatorToken}`, "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
      // What the network swallows is given up.
      signal: AbortSignal.timeout(1_000),
    });
    const answer: unknown = await response.json();
    return response.ok ? answer : undefined;
  };
  const decide = async ({ id, revision, payload }: WireRequest) => {
    const decision = random.pick([
      { decision: "approve" },
      { decision: "approve", patched_payload: { ...(payload as object), edited: random.next() } },
      { decision: "reject", reason: `No, ${random.seed}.` },
    ]);
    const decided = await call(`/v1/requests/${id}/decision`, { ...decision, revision });
    if (decided !== undefined) told.push({ id, status: (decided as WireRequest).status });
  };
  while (!signal.aborted) {
    const path = "/v1/requests?status=PENDING&order=triage&include=payload&limit=100";
    const list = (await call(path).catch(() => undefined)) as WireList<WireRequest> | undefined;
    const waiting = list?.data ?? [];
    await Promise.all(waiting.map((request) => decide(request).catch(() => {})));
    if (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_AWAY_MS));
  }
  return told;
}
