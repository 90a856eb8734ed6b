import type {
  WirePolicyCheck,
  WirePolicyProblem,
  WirePolicyStatement,
} from "@holdpoint/protocol/policy";
import { CircleAlert, TriangleAlert } from "lucide-react";
import { Text } from "../ui/text.js";

/** What a text says, statement by statement, and what is wrong with it. */
export function Meaning({
  check,
  onJump,
}: {
  check: WirePolicyCheck | undefined;
  onJump: (problem: WirePolicyProblem) => void;
}) {
  return (
    <section aria-label="What it means" className="rounded-md border border-line bg-panel p-4">
      <h2 className="eyebrow">What it means</h2>
      {check === undefined && <p className="mt-1 text-faint">Checking…</p>}
      {check && check.problems.length > 0 && (
        <ul aria-label="Problems" aria-live="polite" className="mt-1 space-y-1">
          {check.problems.map((problem) => (
            <Problem
              key={`${problem.line} ${problem.column} ${problem.message}`}
              problem={problem}
              onJump={onJump}
            />
          ))}
        </ul>
      )}
      {check && check.statements.length > 0 && (
        <ol aria-label="Statements" className="mt-2 space-y-1.5">
          {check.statements.map((statement) => (
            <Statement key={statement.id} statement={statement} />
          ))}
        </ol>
      )}
      {check?.valid && (
        <p className="mt-2 text-sm text-soft">
          What no statement matches is held for a person where an agent asks, left to the spend
          policy where it buys, and denied at the gate.
        </p>
      )}
    </section>
  );
}

function Problem({
  problem,
  onJump,
}: {
  problem: WirePolicyProblem;
  onJump: (problem: WirePolicyProblem) => void;
}) {
  const { severity, message, help, line, column } = problem;
  const Icon = severity === "error" ? CircleAlert : TriangleAlert;
  return (
    <li className="flex gap-2">
      <Icon size={15} aria-hidden className="mt-0.5 shrink-0 text-removed" />
      <span className="min-w-0">
        <span className="sr-only">{severity === "error" ? "Error: " : "Warning: "}</span>
        <Text maxLength={400}>{message}</Text>
        {help !== undefined && (
          <span className="block text-sm text-soft">
            <Text maxLength={400}>{help}</Text>
          </span>
        )}
        {line !== undefined && (
          <button
            type="button"
            className="block text-sm text-accent underline"
            onClick={() => onJump(problem)}
          >
            line {line}
            {column !== undefined && `, column ${column}`}
          </button>
        )}
      </span>
    </li>
  );
}

function Statement({ statement }: { statement: WirePolicyStatement }) {
  const { id, effect, hold, reason } = statement;
  return (
    <li className="min-w-0">
      <code className="font-mono text-sm font-semibold">
        <Text maxLength={100}>{id}</Text>
      </code>{" "}
      {effect === "forbid" ? (
        <span className="text-removed">denies</span>
      ) : hold === undefined ? (
        "lets through"
      ) : (
        <>
          holds for <Text maxLength={60}>{hold}</Text>
        </>
      )}
      {reason !== undefined && (
        <span className="block text-sm text-soft">
          “<Text maxLength={300}>{reason}</Text>”
        </span>
      )}
    </li>
  );
}
