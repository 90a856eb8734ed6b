import { dirname, join } from "node:path";
import { formatPointer } from "@holdpoint/protocol";
import { Command } from "commander";
import { isFault, parseDocumentText, readFileText } from "../../documents/read.js";
import { CommandFailure } from "../../failure.js";
import { type AnswerOptions, printAnswer } from "../../output/answer.js";
import { listProblems } from "../../output/problems.js";
import { indent, printableLine } from "../../output/text.js";
import type { Colours, Terminal } from "../../terminal.js";
import { withJson } from "../options.js";
import type { CaseVerdict, PolicyCase, PolicyCases } from "./cases.js";
import { requireValid } from "./check.js";

/** What the policy said of one case, and how that differs from what was expected. */
interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
  readonly verdict: CaseVerdict;
  readonly statements: readonly string[];
  readonly role?: string;
  readonly reason?: string;
  readonly errors: readonly string[];
  /** Each in words: what was expected, and what came. */
  readonly differences: readonly string[];
}

export function testCommand(terminal: Terminal): Command {
  return withJson(new Command("test"))
    .description("Ask a policy what you expect it to say, offline.")
    .argument("<cases...>", "files of cases, YAML or JSON")
    .addHelpText("after", HELP)
    .action((files: readonly string[], options: AnswerOptions) => test(terminal, files, options));
}

const HELP = `
A file names the policy beside it, and what to ask:

  policy: policy.cedar
  cases:
    - name: finance looks at large refunds
      question:
        entry: execute            # or ask (the default), purchase
        action: stripe-refund     # and service, with ask
        payload: { amount: 20000 }
      expect:
        verdict: hold             # allow, hold, deny, none, failed
        role: finance             # these are compared where they are given
        statements: [large-refunds]

Others of a question: agent, priority, environment, run_id, scopes, today { calls, cost_minor },
spend { amount: "12.50", currency, category, payee }, shield { mode, anomalous, one_in },
at (default 2026-01-05T12:00:00Z, a Monday).
Ends with exit code 1 when a case fails.`;

async function test(
  terminal: Terminal,
  files: readonly string[],
  options: AnswerOptions,
): Promise<void> {
  const results: CaseResult[] = [];
  for (const file of files) results.push(...(await runFile(terminal, file)));
  const failures = results.filter(({ passed }) => !passed).length;
  printAnswer(terminal, options, { cases: results, failed: failures }, (value) =>
    describe(value.cases, terminal.colours),
  );
  if (failures === 0) return;
  throw new CommandFailure({
    reason: "failed",
    message: `${failures} of ${results.length} cases failed.`,
  });
}

async function runFile(terminal: Terminal, file: string): Promise<readonly CaseResult[]> {
  const { policy, cases } = await readCases(terminal, file);
  const path = join(dirname(file), policy);
  const text = await readFileText(terminal, path);
  await requireValid(terminal, path, text);
  const { evaluatePolicy } = await import("@holdpoint/server");
  return cases.map((one) => {
    const { verdict, failed, statements, role, reason, errors } = evaluatePolicy(
      text,
      one.question,
    );
    const said = {
      verdict: failed ? ("failed" as const) : verdict,
      statements,
      ...(role !== undefined && { role }),
      ...(reason !== undefined && { reason }),
    };
    const differences = compare(one.expect, said);
    return { file, name: one.name, passed: differences.length === 0, ...said, errors, differences };
  });
}

async function readCases(terminal: Terminal, file: string): Promise<PolicyCases> {
  const read = parseDocumentText(file, await readFileText(terminal, file));
  if (isFault(read)) {
    terminal.note(listProblems(file, [{ severity: "error", ...read }], terminal.colours));
    throw unusable(file);
  }
  const { casesSchema } = await import("./cases.js");
  const parsed = casesSchema.safeParse(read.value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    severity: "error" as const,
    message: `${formatPointer(path)}: ${message}`,
    ...read.placeOf(formatPointer(path)),
  }));
  terminal.note(listProblems(file, problems, terminal.colours));
  throw unusable(file);
}

function unusable(file: string): CommandFailure {
  return new CommandFailure({
    reason: "usage",
    message: `${printableLine(file)} holds no cases that can be run.`,
    next: "holdpoint policy test --help",
  });
}

type Said = Pick<CaseResult, "verdict" | "statements" | "role" | "reason">;

/** What was expected and did not come. What a case says nothing of is not compared. */
function compare(expected: PolicyCase["expect"], said: Said): readonly string[] {
  const sorted = (names: readonly string[] | undefined) => names?.toSorted().join(", ");
  const pairs = [
    ["verdict", expected.verdict, said.verdict],
    ["role", expected.role, said.role],
    ["reason", expected.reason, said.reason],
    ["statements", sorted(expected.statements), sorted(said.statements)],
  ] as const;
  return pairs.flatMap(([name, wanted, got]) =>
    wanted === undefined || wanted === got
      ? []
      : [`${name}: expected ${wanted || "none"}, got ${got || "none"}`],
  );
}

function describe(results: readonly CaseResult[], colours: Colours): string {
  const { green, red, dim } = colours;
  const lines = results.map((result) => {
    const { name, passed, verdict, statements, errors, differences } = result;
    const by = statements.length > 0 ? ` by ${printableLine(statements.join(", "))}` : "";
    const title = `${passed ? green("✓") : red("✗")} ${printableLine(name)}`;
    if (passed) return `${title}  ${dim(verdict + by)}`;
    const more = [...differences, ...errors].map((line) => printableLine(line, 300)).join("\n");
    return `${title}\n${indent(more)}`;
  });
  const passed = results.filter((result) => result.passed).length;
  return `${lines.join("\n")}\n\n${passed} of ${results.length} cases hold.`;
}
