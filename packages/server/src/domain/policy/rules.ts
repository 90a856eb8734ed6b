import { LIMITS } from "@holdpoint/protocol";
import { lineSchema, roleSchema } from "@holdpoint/protocol/schemas";
import type { Complaint, Finding } from "./findings.js";
import type { ParsedStatement } from "./parse.js";

/** Levels of a statement's syntax tree: some fifty operators inside each other, or in a row. */
const MAX_DEPTH = 100;
const MAX_ID_LENGTH = 100;
const ANNOTATIONS = new Set(["id", "hold", "reason"]);

const idSchema = lineSchema(MAX_ID_LENGTH);

/** What Cedar knows nothing of: what annotations mean, and how much is too much. */
export function* checkStatements(statements: readonly ParsedStatement[]): Generator<Finding> {
  const ids = new Set<string>();
  for (const statement of statements) {
    for (const rule of [checkId, checkHold, checkReason, checkDepth]) {
      const complaint = rule(statement);
      if (complaint !== undefined) yield { severity: "error", statement, ...complaint };
    }
    if (ids.has(statement.id)) yield { severity: "error", statement, ...sameId(statement) };
    ids.add(statement.id);
    for (const name of statement.annotations.keys()) {
      if (!ANNOTATIONS.has(name)) yield { severity: "warning", statement, ...unknown(name) };
    }
  }
}

function checkId({ id }: ParsedStatement): Complaint | undefined {
  if (idSchema.safeParse(id).data === id) return undefined;
  return {
    message: `the @id is no name: expected one line of 1 to ${MAX_ID_LENGTH} characters`,
    help: null,
  };
}

function checkHold({ effect, hold }: ParsedStatement): Complaint | undefined {
  if (hold === undefined) return undefined;
  if (effect === "forbid") {
    return {
      message: "@hold on a forbid: what is forbidden waits for nobody",
      help: "write permit, to have a person decide, or take @hold away, to deny",
    };
  }
  if (roleSchema.safeParse(hold).success) return undefined;
  return {
    message: `the @hold is no role: expected at most ${LIMITS.roleLength} lower-case letters, digits, - and _`,
    help: 'name the role that has to approve, for example @hold("approver")',
  };
}

function checkReason({ reason }: ParsedStatement): Complaint | undefined {
  if (reason === undefined || (reason !== "" && reason.length <= LIMITS.reasonLength)) {
    return undefined;
  }
  return {
    message: `the @reason says too little or too much: expected 1 to ${LIMITS.reasonLength} characters`,
    help: null,
  };
}

function checkDepth({ depth }: ParsedStatement): Complaint | undefined {
  return depth <= MAX_DEPTH ? undefined : TOO_DEEP;
}

export const TOO_DEEP: Complaint = {
  message: "nested too deeply: expected some fifty operators at most inside each other or in a row",
  help: "write several statements, or ask whether a set contains it",
};

function sameId({ id }: ParsedStatement): Complaint {
  return {
    message: `another statement is named ${JSON.stringify(id)}`,
    help: "give each its own @id: the id is what receipts and requests name",
  };
}

function unknown(name: string): Complaint {
  return { message: `@${name} means nothing here`, help: "write @id, @hold or @reason" };
}
