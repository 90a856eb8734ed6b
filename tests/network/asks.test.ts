import { join } from "node:path";
import type { WireEvent, WireList, WireRequest } from "@holdpoint/protocol";
import { Holdpoint } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";
import { full } from "../harness/full.js";
import { heldBytes } from "../harness/memory.js";
import { createRandom } from "../harness/random.js";
import { decideAll, type Told } from "./deciders.js";
import { FAULTS, planFaults } from "./fault.js";
import { startFaultyProxy } from "./proxy.js";

const ASKS = full(1_000, 10_000);
const AT_ONCE = 64;
/** Share of calls that something happens to. */
const FAULT_RATE = 0.25;
/** What the client may hold more of at the end than after the first fifth, in bytes. */
const GROWTH_BYTES = 8 * 1024 * 1024;

interface Server {
  readonly url: string;
  readonly apiKey: string;
  readonly operatorToken: string;
}

/** What each agent was told, as text: whole decisions kept here would look like a leak. */
type Answers = Map<string, string>;

test(`[P-NETWORK] ${ASKS} asks over a faulty network are each made once, decided once and answered truly`, {
  timeout: full(120_000, 900_000),
}, async () => {
  const random = createRandom();
  console.log(`Faulty network: TEST_SEED=${random.seed}`);
  await using folder = await createFolder();
  const masterKey = Buffer.alloc(32, 8).toString("base64url");
  const args = [join(folder.path, "holdpoint.db"), masterKey];
  await using child = startChild("harness/server.ts", {}, args);
  const server = JSON.parse(await child.nextLine()) as Server;
  await using proxy = await startFaultyProxy({
    target: server.url,
    plan: planFaults(random, FAULT_RATE),
    random,
  });
  const stop = new AbortController();
  const { operatorToken } = server;
  const deciders = Array.from({ length: 2 }, () =>
    decideAll({ url: proxy.url, operatorToken, random, signal: stop.signal }),
  );

  const hp = new Holdpoint({
    apiKey: server.apiKey,
    baseUrl: proxy.url,
    maxRetries: 10,
    timeoutMs: 2_000,
  });
  const { answers, growthBytes } = await askAll(hp);
  stop.abort();
  const told = (await Promise.all(deciders)).flat();
  await proxy.settled();

  expect([...proxy.counts.keys()].sort()).toEqual([...FAULTS].sort());
  expect(await findUntruths(server, answers)).toEqual([]);
  const isTrue = ({ id, status }: Told) => answers.get(id)?.startsWith(`["${status}"`);
  expect(told.filter((each) => !isTrue(each))).toEqual([]);
  expect(await countRequests(server)).toBe(ASKS);
  expect(growthBytes).toBeLessThan(GROWTH_BYTES);
});

/** Asks everything there is to ask, `AT_ONCE` at a time. An ask that fails, fails the test. */
async function askAll(hp: Holdpoint) {
  const answers: Answers = new Map();
  let next = 0;
  let early: number | undefined;
  const lane = async () => {
    while (next < ASKS) {
      const payload = { index: next++ };
      const decision = await hp.ask({ service: "billing", action: "refund", payload });
      const seen = decision.approved ? decision.approvedPayload : decision.payload;
      answers.set(decision.id, textOf(decision.status, payload, seen, decision.reason));
      if (answers.size === ASKS / 5) early = heldBytes();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { answers, growthBytes: heldBytes() - (early ?? 0) };
}

function textOf(status: string, payload: unknown, seen: unknown, reason = ""): string {
  return JSON.stringify([status, payload, seen, reason]);
}

/** Compares what each agent was told with what the server has, over a sound network. */
async function findUntruths(server: Server, answers: Answers): Promise<readonly string[]> {
  const untruths: string[] = [];
  for (const [id, told] of answers) {
    const request = (await read(server, `/v1/requests/${id}`)) as WireRequest;
    const { status, payload, patched_payload, reason } = request;
    const held = textOf(status, payload, patched_payload ?? payload, reason);
    if (told !== held) untruths.push(`${id}: told ${told}, is ${held}`);
    const { data } = (await read(server, `/v1/requests/${id}/events`)) as WireList<WireEvent>;
    const types = data.map(({ type }) => type).join();
    const outcome = status === "REJECTED" ? "rejected" : "approved";
    if (types !== `request.created,request.${outcome}`) untruths.push(`${id}: has ${types}`);
  }
  return untruths;
}

async function countRequests(server: Server): Promise<number> {
  let count = 0;
  let cursor: string | null = "";
  while (cursor !== null) {
    const path = `/v1/requests?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = (await read(server, path)) as WireList<WireRequest>;
    count += page.data.length;
    cursor = page.next_cursor;
  }
  return count;
}

async function read({ url, operatorToken }: Server, path: string): Promise<unknown> {
  const response = await fetch(url + path, {
    headers: { authorization: `Bearer ${operatorToken}` },
  });
  if (!response.ok) throw new Error(`${path} answered HTTP ${response.status}.`);
  return response.json();
}
