import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ERROR_CODES, type ErrorCode, isErrorCode } from "./codes.js";
import { parseProblem } from "./problem.js";

const problem = {
  type: "https://holdpoint.dev/errors#ALREADY_DECIDED",
  title: "The request has its answer",
  status: 409,
  detail: "Ada approved this request.",
  code: "ALREADY_DECIDED",
  trace_id: "trace",
  issues: [{ path: "/payload", message: "Expected a JSON value." }],
  current: {
    status: "APPROVED",
    revision: 2,
    decided_by: { type: "operator", id: "usr_1", name: "Ada" },
  },
  current_execution: { id: "exe_1", status: "CLAIMED", fencing_token: 1 },
};

describe("parseProblem", () => {
  test("reads a whole problem", () => {
    expect(parseProblem(problem)).toEqual(problem);
  });

  test.each([
    ["text", "error"],
    ["null", null],
    ["an unknown code", { ...problem, code: "PAID" }],
    ["a code of Object.prototype", { ...problem, code: "toString" }],
    ["no detail", { ...problem, detail: undefined }],
    ["a status in words", { ...problem, status: "409" }],
  ])("does not recognise %s", (_name, body) => {
    expect(parseProblem(body)).toBeUndefined();
  });

  test.each([
    ["issues that are no list", { issues: "many" }, "issues"],
    ["a trace id that is no text", { trace_id: 1 }, "trace_id"],
    ["a current state without revision", { current: { status: "APPROVED" } }, "current"],
    ["an execution without token", { current_execution: { id: "exe_1" } }, "current_execution"],
    ["an execution that is none", { current_execution: "exe_1" }, "current_execution"],
    ["a decider without id", { current: { ...problem.current, decided_by: {} } }, "current"],
  ])("leaves out %s", (_name, change, member) => {
    const parsed = parseProblem({ ...problem, ...change });
    expect(parsed?.code).toBe("ALREADY_DECIDED");
    expect(parsed).not.toHaveProperty(member);
  });

  test("takes anything without throwing", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (issues, current) => {
        const parsed = parseProblem({ ...problem, issues, current });
        expect(parsed?.issues?.every(({ path }) => typeof path === "string") ?? true).toBe(true);
      }),
    );
  });
});

test("isErrorCode knows the codes and nothing inherited", () => {
  for (const code of Object.keys(ERROR_CODES)) expect(isErrorCode(code)).toBe(true);
  for (const value of ["toString", "__proto__", "constructor", "", 1, null, undefined]) {
    expect(isErrorCode(value)).toBe(false);
  }
});

test("a code is never retryable together with a status that blames the caller", () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    const { status, retryable } = ERROR_CODES[code];
    // The first call of two equal ones is under way: nobody's fault, and over in a moment.
    const passes = status === 429 || code === "IDEMPOTENCY_IN_FLIGHT";
    if (status !== null) expect(retryable).toBe(passes || status >= 500);
  }
});
