import { expect } from "vitest";
import type { Answers, SceneCall } from "./driver.js";
import type { World } from "./world.js";

/** Models retry what they are not told to leave. */
const STOP = /do not retry/i;

/** What a conversation came to, whichever way the framework tells it. */
export type Ending = { readonly answers: Answers } | { readonly error: unknown };

export function endingOf(conversation: Promise<Answers>): Promise<Ending> {
  return conversation.then(
    (answers) => ({ answers }),
    (error: unknown) => ({ error }),
  );
}

export function expectEffects(
  { effects }: Pick<World, "effects">,
  ...calls: readonly Partial<SceneCall>[]
): void {
  expect(effects).toEqual(calls.map(({ tool, args }) => ({ tool, args })));
}

/** The model was told no, why, and to leave it. */
export function expectRefusal(answer: string | undefined, reason?: string): void {
  expect(answer).toMatch(STOP);
  if (reason !== undefined) expect(answer).toContain(reason);
}

/**
 * The developer can tell what failed: by the code of a thrown error or one of its causes, or by the
 * code in what the model was given.
 */
export function expectFailure(ending: Ending, ...codes: readonly string[]): void {
  const told = "answers" in ending ? Object.values(ending.answers).join("\n") : tell(ending.error);
  expect(
    codes.filter((code) => told.includes(code)),
    `Expected ${codes.join(" or ")} in: ${told}`,
  ).not.toEqual([]);
}

/** An error with its causes, and with those that it gathers. */
function tell(error: unknown, depth = 0): string {
  if (depth > 8 || typeof error !== "object" || error === null) return String(error);
  const { name, code, message, cause, error: inner, errors } = error as Record<string, unknown>;
  const own = [name, code, message].filter((part) => typeof part === "string").join(" ");
  const nested = [cause, inner, ...(Array.isArray(errors) ? errors : [])];
  return [own, ...nested.filter(Boolean).map((each) => tell(each, depth + 1))].join("\n");
}
