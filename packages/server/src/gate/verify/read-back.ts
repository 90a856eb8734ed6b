import { isDeepStrictEqual } from "node:util";
import { type JsonValue, parsePointer } from "@holdpoint/protocol";
import type { ActionVerification } from "@holdpoint/protocol/gate";
import type { ActionRun, Verification } from "../../domain/gate/run.js";
import { type CallRules, callOut } from "../egress/call.js";
import { FaultError } from "../fault.js";
import { assertSuccess, readBody } from "../providers/answer.js";
import type { Scope } from "../template/scope.js";
import { expandUrl } from "../template/url.js";
import { fillValue } from "../template/value.js";

type ReadBack = Extract<ActionVerification, { type: "read_back" }>;

/**
 * Reads with `GET` what the action should have changed, and compares: each pointer leads into the body
 * of that answer, and there stands the value expected, of the same type.
 */
export async function readBack(
  { url, expect }: ReadBack,
  { parameters }: ActionRun,
  output: JsonValue,
  rules: CallRules,
): Promise<Verification> {
  const scope = { parameters, output };
  try {
    const found = await fetchBack(expandUrl(url, scope), rules);
    const missed = expect.find((each) => !isMet(each, found, scope));
    if (missed === undefined) return { status: "verified" };
    return {
      status: "failed",
      detail: `Expected another value at ${missed.pointer} when read back.`,
    };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return { status: "failed", detail: `Expected to read it back: ${error.fault.message}` };
  }
}

async function fetchBack(url: URL, rules: CallRules): Promise<JsonValue | undefined> {
  const answer = await callOut(
    { method: "GET", url, headers: {} },
    { ...rules, egress: rules.readBackEgress },
  );
  assertSuccess(answer.status, "GET", false);
  const { echo } = await rules.credentials();
  const body = readBody(answer, echo);
  return body === undefined ? undefined : echo.inJson(body);
}

function isMet(
  { pointer, value }: ReadBack["expect"][number],
  found: JsonValue | undefined,
  scope: Scope,
): boolean {
  const expected = fillValue(value, scope);
  const actual = valueAt(found, pointer);
  return expected !== undefined && actual !== undefined && isDeepStrictEqual(actual, expected);
}

function valueAt(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  return parsePointer(pointer).reduce<JsonValue | undefined>((current, step) => {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step))
      return undefined;
    return (current as { readonly [step: string]: JsonValue })[step];
  }, value);
}
