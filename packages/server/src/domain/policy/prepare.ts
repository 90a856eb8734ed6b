import { CedarFault, callCedar, cedarGeneration } from "./cedar.js";
import { type ParsedStatement, parsePolicy } from "./parse.js";
import { joinReads, type PayloadReads } from "./reads.js";

/** A text that Cedar has taken in, to be asked many questions. */
export interface PreparedPolicy {
  /** Where Cedar keeps it. */
  readonly slot: string;
  readonly statements: readonly ParsedStatement[];
  readonly reads: PayloadReads;
}

/** Texts that stay prepared: those asked last. Cedar frees a slot only by filling it again. */
const SLOTS = 100;

let prepared = new Map<string, PreparedPolicy>();
let preparedIn = cedarGeneration();

/** @throws {CedarFault} for a text that cannot be used. */
export function preparePolicy(text: string): PreparedPolicy {
  if (preparedIn !== cedarGeneration()) prepared = new Map();
  preparedIn = cedarGeneration();
  const policy = prepared.get(text) ?? prepare(text, freeSlot());
  // Set again, it is the last that goes.
  prepared.delete(text);
  prepared.set(text, policy);
  return policy;
}

function prepare(text: string, slot: string): PreparedPolicy {
  const parsed = parsePolicy(text);
  if ("problems" in parsed) throw new CedarFault("The policy is not Cedar.");
  const { statements } = parsed;
  const taken = callCedar((cedar) => cedar.preparsePolicySet(slot, { staticPolicies: text }));
  if (taken.type === "failure") throw new CedarFault("The policy is not Cedar.");
  return { slot, statements, reads: joinReads(statements.map(({ reads }) => reads)) };
}

function freeSlot(): string {
  if (prepared.size < SLOTS) return `slot${prepared.size}`;
  const [oldest] = prepared;
  if (oldest === undefined) throw new RangeError("Expected a slot to be taken.");
  const [text, { slot }] = oldest;
  prepared.delete(text);
  return slot;
}
