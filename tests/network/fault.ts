import type { Random } from "../harness/random.js";

/** What can happen to one call between client and server. */
export const FAULTS = [
  /** The request arrives later. */
  "delay-request",
  /** The answer arrives later. */
  "delay-answer",
  /** The connection is reset before anything of the request is passed on. */
  "drop-request",
  /** Half of the request is passed on, then both connections are reset. */
  "cut-request",
  /** The server does it; the client's connection is reset instead of an answer. */
  "lose-answer",
  /** Half of the answer comes, then the connection ends as if that were all. */
  "truncate-answer",
  /** Half of the answer comes, then the connection is reset. */
  "reset-answer",
  /** The same bytes reach the server twice at once; the client sees one of the two answers. */
  "duplicate",
  /** The same bytes reach the server again after the client has its answer. */
  "repeat-later",
  /** The server does it, and the client hears nothing at all until it gives up. */
  "silence",
] as const;
export type Fault = (typeof FAULTS)[number];

/** Says what happens to the next call: a fault, or none. */
export type FaultPlan = (call: { readonly method: string }) => Fault | undefined;

/**
 * A plan by chance.
 *
 * @param rate - Share of calls that something happens to, from 0 to 1.
 */
export function planFaults(random: Random, rate: number): FaultPlan {
  return ({ method }) => {
    const isFaulty = random.next() < rate;
    const fault = random.pick(FAULTS);
    if (!isFaulty) return undefined;
    // A client gives a held GET more than half a minute before it gives up: too long for a test.
    return fault === "silence" && method === "GET" ? "lose-answer" : fault;
  };
}
