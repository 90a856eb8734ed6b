import {
  POLICY_SCHEMA,
  type WirePolicyCheck,
  type WirePolicyStatement,
} from "@holdpoint/protocol/policy";
import { CedarFault, callCedar } from "./cedar.js";
import { type Complaint, createReport, type Finding } from "./findings.js";
import { type ParsedStatement, parsePolicy } from "./parse.js";
import { checkStatements, TOO_DEEP } from "./rules.js";

/** Problems that are told at once, errors first. */
const MAX_PROBLEMS = 100;

/**
 * Says of a text whether it could be put in force, and all that is against it: what is no Cedar, what
 * names something that is not there, what holds for nobody.
 */
export function checkPolicy(text: string): WirePolicyCheck {
  const { statements, findings } = inspect(text);
  const errors = findings.filter(({ severity }) => severity === "error");
  const warnings = findings.filter(({ severity }) => severity === "warning");
  return {
    valid: errors.length === 0,
    problems: [...errors, ...warnings].slice(0, MAX_PROBLEMS).map(createReport(text)),
    statements: statements.map(toWireStatement),
  };
}

/** A statement without what only we need to know. */
export function toWireStatement(statement: WirePolicyStatement): WirePolicyStatement {
  const { id, effect, hold, reason } = statement;
  return {
    id,
    effect,
    ...(hold !== undefined && { hold }),
    ...(reason !== undefined && { reason }),
  };
}

interface Inspection {
  readonly statements: readonly ParsedStatement[];
  readonly findings: readonly Finding[];
}

function inspect(text: string): Inspection {
  try {
    const parsed = parsePolicy(text);
    if ("problems" in parsed) return { statements: [], findings: parsed.problems.map(asError) };
    const { statements } = parsed;
    const findings = [...checkStatements(statements)];
    // What nobody should read is not handed to who might not survive it.
    if (!findings.some(({ message }) => message === TOO_DEEP.message)) {
      findings.push(...validate(text, statements));
    }
    return { statements, findings };
  } catch (error) {
    if (!(error instanceof CedarFault)) throw error;
    return { statements: [], findings: [asError(TOO_DEEP)] };
  }
}

/** What strict validation says, once per statement and place: Cedar says it of each action anew. */
function validate(text: string, statements: readonly ParsedStatement[]): readonly Finding[] {
  const answer = callCedar((cedar) =>
    cedar.validate({ schema: POLICY_SCHEMA, policies: { staticPolicies: text } }),
  );
  if (answer.type === "failure") return answer.errors.map(asError);
  const find = (policyId: string) => statements.find((_, index) => policyId === `policy${index}`);
  const errors = answer.validationErrors.map(({ policyId, error }) =>
    toFinding("error", find(policyId), error),
  );
  const broken = new Set(errors.map(({ statement }) => statement));
  const warnings = answer.validationWarnings
    .map(({ policyId, error }) => toFinding("warning", find(policyId), error))
    // One that cannot be read holds for nobody, of course.
    .filter(({ statement }) => !broken.has(statement));
  return withoutRepetition([...errors, ...warnings]);
}

function toFinding(
  severity: Finding["severity"],
  statement: ParsedStatement | undefined,
  { message, ...complaint }: Complaint,
): Finding {
  const plain = message.replace(/^for policy `[^`]*`, /, "").replace(/ for Action::"[a-z]+"/, "");
  return { ...complaint, severity, message: plain, ...(statement !== undefined && { statement }) };
}

function withoutRepetition(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ message, sourceLocations }) => {
    const key = JSON.stringify([message, sourceLocations]);
    return !seen.has(key) && seen.add(key);
  });
}

function asError(complaint: Complaint): Finding {
  return { ...complaint, message: complaint.message.replace(PARSER, ""), severity: "error" };
}

/** Cedar's own preamble, which says nothing to who has written the text. */
const PARSER = "failed to parse policies from string: ";
