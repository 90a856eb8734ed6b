import { formatPointer, type ValidationIssue } from "@holdpoint/protocol";
import { z } from "zod";
import type { Proof } from "../auth/proof.js";
import { issuesOf, problemOfIssues } from "../domain/issues.js";
import type { ProblemError } from "../domain/problem.js";
import { readJson, readUnused } from "./body.js";
import type { HttpContext, Operation } from "./operation.js";

export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const noQuery = z.strictObject({});

/**
 * Reads and checks everything that came with a call: path, query, body, in this order. The body of a
 * call with a proof is held against it before anything else is.
 *
 * @throws {ProblemError} `VALIDATION_FAILED` with one issue per fault, and what {@link readJson} throws.
 */
export async function readInput(
  operation: Operation,
  http: HttpContext,
  proof?: Proof,
): Promise<Input> {
  // Read ahead only where a proof binds it: 401 comes before 422.
  const proven = proof && (await readProven(operation, http, proof));
  const params = operation.params && check(operation.params, http.req.param(), pathPlace);
  const query = check(operation.query ?? noQuery, readQuery(http), queryPlace);
  if (operation.body === undefined) return { params, query, body: undefined };
  const value = proven ? proven.value : await readJson(http.req.raw);
  return { params, query, body: check(operation.body, value, bodyPlace) };
}

async function readProven({ body }: Operation, { req }: HttpContext, proof: Proof) {
  if (body !== undefined) return { value: await readJson(req.raw, proof) };
  await readUnused(req.raw, proof);
  return undefined;
}

function readQuery(http: HttpContext): Record<string, string> {
  const query = Object.create(null) as Record<string, string>;
  for (const [name, values] of Object.entries(http.req.queries())) {
    if (values.length > 1) {
      throw validationFailed([{ path: `?${name}`, message: "Expected it once, got it again." }]);
    }
    const [value = ""] = values;
    // PostgreSQL has no text with it, and so nothing that could be found by it.
    if (value.includes("\0")) {
      throw validationFailed([{ path: `?${name}`, message: "Expected text without U+0000." }]);
    }
    query[name] = value;
  }
  return { ...query };
}

type Place = (path: readonly PropertyKey[]) => string;

const pathPlace: Place = (path) => `:${path.map(String).join(".")}`;
const queryPlace: Place = (path) => `?${String(path[0] ?? "")}`;
const bodyPlace: Place = formatPointer;

function check(schema: z.ZodType, value: unknown, place: Place): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationFailed(result.error.issues.flatMap((issue) => issuesOf(issue, place)));
}

function validationFailed(issues: readonly ValidationIssue[]): ProblemError {
  return problemOfIssues("VALIDATION_FAILED", issues, "The body");
}
