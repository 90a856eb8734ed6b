import { createPublicKey, verify } from "node:crypto";
import type { Found, FoundEvent, FoundReceipt } from "./found.js";
import type { Entry, Ledger } from "./ledger.js";
import { checkpointAt, leafOf } from "./log.js";

const RESOLUTIONS = ["approved", "rejected", "expired", "cancelled"].map(
  (word) => `request.${word}`,
);
const SETTLEMENTS = ["execution.committed", "execution.failed"];

/** Compares what was acknowledged with what is there. @returns Every fault; none means all is well. */
export function findFaults(ledger: Ledger, found: Found): readonly string[] {
  return [
    ...ledger.surprises,
    ...findLost(ledger, found),
    ...findDoubles(found),
    ...findKeyed(ledger, found),
    ...findUnproved(ledger, found),
    ...findForks(ledger, found),
  ];
}

/** Nothing acknowledged is lost, and nothing is there that nobody asked for. */
function findLost(ledger: Ledger, found: Found): readonly string[] {
  const requests = new Map(found.requests.map((request) => [request.id, request]));
  const executions = new Map(found.executions.map((each) => [each.requestId, each]));
  return [...ledger.requests].flatMap(([id, entry]) => {
    const request = requests.get(id);
    if (request === undefined) return entry.created ? [`${id}: lost`] : [];
    const { status, executionStatus } = request;
    const execution = executions.get(id);
    return [
      ...mismatch(id, "status", status, entry.status, entry.possible),
      ...mismatch(id, "execution", executionStatus, entry.settled, entry.settledPossible),
      ...findLostClaim(id, entry, execution?.id),
      ...((execution?.status ?? "NONE") === executionStatus
        ? []
        : [`${id}: says ${executionStatus}, its execution ${execution?.status}`]),
    ];
  });
}

function mismatch(
  id: string,
  what: string,
  found: string,
  acknowledged: string | undefined,
  possible: ReadonlySet<string>,
): readonly string[] {
  if (acknowledged !== undefined && found !== acknowledged) {
    return [`${id}: ${what} ${acknowledged} was acknowledged, ${found} is there`];
  }
  return acknowledged === undefined && !possible.has(found)
    ? [`${id}: ${what} ${found} is there, which nobody asked for`]
    : [];
}

function findLostClaim(
  id: string,
  entry: Entry,
  executionId: string | undefined,
): readonly string[] {
  const faults: string[] = [];
  if (entry.claims.size > 1) faults.push(`${id}: claimed twice (${[...entry.claims].join(", ")})`);
  for (const claim of entry.claims) {
    if (claim !== executionId) faults.push(`${id}: claim ${claim} lost, ${executionId} is there`);
  }
  if (executionId !== undefined && !entry.claimsAsked.has(executionId)) {
    faults.push(`${id}: ${executionId} is there, which nobody claimed`);
  }
  return faults;
}

/** Made once, decided once, claimed once, settled once; one grant, one execution. */
function findDoubles(found: Found): readonly string[] {
  const byRequest = groupByRequest(found.events);
  const faults = found.requests.flatMap(({ id, status, executionStatus }) => {
    const events = byRequest.get(id) ?? [];
    const count = (types: readonly string[]) =>
      events.filter(({ type }) => types.includes(type)).length;
    const expected: readonly [string, readonly string[], number][] = [
      ["made", ["request.created"], 1],
      ["decided", RESOLUTIONS, status === "PENDING" ? 0 : 1],
      ["claimed", ["execution.claimed"], executionStatus === "NONE" ? 0 : 1],
      ["settled", SETTLEMENTS, /COMMITTED|FAILED/.test(executionStatus) ? 1 : 0],
    ];
    return expected
      .filter(([, types, times]) => count(types) !== times)
      .map(([verb, types, times]) => `${id}: ${verb} ${count(types)} times, expected ${times}`);
  });
  return [
    ...faults,
    ...duplicates(found.requests.flatMap(({ grantId }) => grantId ?? [])).map(
      (id) => `${id}: grant of two requests`,
    ),
    ...duplicates(found.executions.map(({ requestId }) => requestId)).map(
      (id) => `${id}: has two executions`,
    ),
  ];
}

/** What was made under an Idempotency-Key is there once. */
function findKeyed(ledger: Ledger, { tokens }: Found): readonly string[] {
  const made = tokens.filter((name) => ledger.keyed.has(name));
  const lost = [...ledger.keyed].filter(
    ([key, answer]) => answer !== undefined && !made.includes(key),
  );
  return [
    ...duplicates(made).map((key) => `${key}: made twice under one key`),
    ...lost.map(([key]) => `${key}: what was made under it is lost`),
  ];
}

/** Every event has its receipt, signed and saying the same; every acknowledged receipt still stands. */
function findUnproved(ledger: Ledger, found: Found): readonly string[] {
  const receipts = new Map(found.receipts.map((receipt) => [receipt.id, receipt]));
  const events = new Map(found.events.map((event) => [receiptIdOf(event), event]));
  return [
    ...[...events].flatMap(([id, event]) => {
      const receipt = receipts.get(id);
      return receipt === undefined
        ? [`${event.id}: has no receipt`]
        : check(receipt, event, found, ledger.verified);
    }),
    ...[...receipts.keys()].filter((id) => !events.has(id)).map((id) => `${id}: of no event`),
    ...[...ledger.receipts]
      .filter(([id, jws]) => receipts.get(id)?.jws !== jws)
      .map(([id]) => `${id}: another receipt than was answered`),
  ];
}

function check(
  { id, jws }: FoundReceipt,
  event: FoundEvent,
  found: Found,
  verified: Set<string>,
): readonly string[] {
  const isSigned = verified.has(jws) || verifySignature(jws, found.keys);
  if (isSigned) verified.add(jws);
  const content = decode(jws.split(".")[1] ?? "") as Record<string, unknown>;
  const saysSame =
    content.id === id &&
    content.type === event.type &&
    content.request_id === event.requestId &&
    content.status === event.status;
  return [
    ...(isSigned ? [] : [`${id}: its signature does not verify`]),
    ...(saysSame ? [] : [`${id}: says something else than its event`]),
  ];
}

/** RFC 7515 by hand, apart from the code it checks. */
function verifySignature(jws: string, keys: Found["keys"]): boolean {
  const [header = "", payload = "", signature = ""] = jws.split(".");
  const key = keys.get((decode(header) as { kid: string }).kid);
  if (key === undefined) return false;
  const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(key).toString("base64url") };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  const signed = Buffer.from(`${header}.${payload}`);
  return verify(null, signed, publicKey, Buffer.from(signature, "base64url"));
}

/** The log holds every receipt once, in order, and only ever grew. */
function findForks(ledger: Ledger, found: Found): readonly string[] {
  const logged = found.receipts.filter(({ logIndex }) => logIndex !== null);
  const isGapless = logged.every(({ logIndex }, index) => logIndex === index);
  if (!isGapless) return ["the log has a gap, or an entry twice"];
  const leaves = logged.map(({ jws }) => leafOf(jws));
  const { size } = checkpointAt(found.checkpoint, leaves);
  return [
    ...(size === logged.length
      ? []
      : [`the log has ${logged.length} entries, its head says ${size}`]),
    ...[found.checkpoint, ...ledger.checkpoints].flatMap((checkpoint) => {
      const { isPrefix } = checkpointAt(checkpoint, leaves);
      return isPrefix ? [] : [`checkpoint ${checkpoint.split("\n")[1]} is not of this log`];
    }),
  ];
}

function receiptIdOf({ id }: FoundEvent): string {
  return id.replace(/^evt_/, "rcp_");
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}

function duplicates(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

function groupByRequest(events: readonly FoundEvent[]): Map<string, FoundEvent[]> {
  const groups = new Map<string, FoundEvent[]>();
  for (const event of events) {
    const group = groups.get(event.requestId) ?? [];
    groups.set(event.requestId, group);
    group.push(event);
  }
  return groups;
}
