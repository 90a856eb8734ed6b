import type { ErrorCode } from "@holdpoint/protocol";
import { parseProblem } from "../core.js";
import type { Answer } from "../transport/answer.js";
import type { Authorization, Outgoing } from "../transport/authorizer.js";
import { type ProofKey, signProof } from "./proof.js";

/** What an answer has taught: with it the same call may go through. */
export type Lesson = "nonce" | "clock";

/** `Date` counts whole seconds and is older than its arrival: less than this is no wrong clock. */
const CLOCK_TOLERANCE_MS = 3_000;

/** Proves calls to one control plane, with the nonce and the time that it asks for. */
export class Prover {
  #nonce: string | undefined;
  #clockOffsetMs = 0;

  /** The control plane's time, as far as it is known. */
  nowMs(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  prove(
    key: ProofKey,
    { method, url, body }: Pick<Outgoing, "method" | "url" | "body">,
    leaseDigest?: string,
  ): Promise<string> {
    const nonce = this.#nonce;
    return signProof(key, { method, url, body, leaseDigest, nonce, atMs: this.nowMs() });
  }

  /**
   * Keeps the nonce of every answer.
   *
   * @see RFC 9449 §8, §8.2
   */
  learn({ status, headers, text }: Answer): Lesson | undefined {
    const nonce = headers.get("dpop-nonce");
    const isNew = nonce !== null && nonce !== this.#nonce;
    if (nonce !== null) this.#nonce = nonce;
    if (status !== 401) return undefined;
    const code = codeOf(text);
    if (code === "PROOF_NONCE_REQUIRED") return isNew ? "nonce" : undefined;
    const isAboutTime = code === "PROOF_INVALID" || code === "CREDENTIAL_INVALID";
    return isAboutTime && this.#learnTime(headers.get("date")) ? "clock" : undefined;
  }

  #learnTime(date: string | null): boolean {
    const differenceMs = Date.parse(date ?? "") - this.nowMs();
    if (!(Math.abs(differenceMs) > CLOCK_TOLERANCE_MS)) return false;
    this.#clockOffsetMs += differenceMs;
    return true;
  }
}

/** The code of an error answer; `undefined`: it is none of a control plane's. */
export function codeOf(text: string): ErrorCode | undefined {
  try {
    return parseProblem(JSON.parse(text))?.code;
  } catch {
    return undefined;
  }
}

/**
 * Authorizes a call, and again after each lesson, once for each.
 *
 * @param authorize - What the call goes out with.
 * @param learn - Reads every answer; `undefined`: there is nothing to be mended.
 */
export async function authorizeWhileLearning<Learnt>(
  authorize: () => Promise<Omit<Authorization, "review">>,
  learn: (answer: Answer) => Learnt | undefined,
  learnt: readonly Learnt[] = [],
): Promise<Authorization> {
  return {
    ...(await authorize()),
    review: async (answer) => {
      const lesson = learn(answer);
      if (lesson === undefined || learnt.includes(lesson)) return undefined;
      return authorizeWhileLearning(authorize, learn, [...learnt, lesson]);
    },
  };
}
