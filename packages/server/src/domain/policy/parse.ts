import type { WirePolicyStatement } from "@holdpoint/protocol/policy";
import { callCedar } from "./cedar.js";
import type { Complaint } from "./findings.js";
import { depthOf, type PayloadReads, readsOf } from "./reads.js";

/** One statement of a text, in its order. */
export interface ParsedStatement extends WirePolicyStatement {
  /** As it is written. */
  readonly text: string;
  readonly annotations: ReadonlyMap<string, string>;
  /** Levels of its syntax tree. */
  readonly depth: number;
  /** What it reads of a payload. */
  readonly reads: PayloadReads;
}

export type ParsedPolicy =
  | { readonly statements: readonly ParsedStatement[] }
  | { readonly problems: readonly Complaint[] };

/** @throws {CedarFault} for what is nested so deeply that nobody can read it. */
export function parsePolicy(text: string): ParsedPolicy {
  return callCedar((cedar) => {
    const parts = cedar.policySetTextToParts(text);
    if (parts.type === "failure") return { problems: parts.errors };
    if (parts.policy_templates.length > 0) return { problems: [NO_TEMPLATES] };
    const statements = inTheirOrder(parts.policies).map((statement, index) => {
      const parsed = cedar.policyToJson(statement);
      if (parsed.type === "failure") throw new TypeError("Expected a statement that was parsed.");
      const { effect, conditions } = parsed.json;
      const annotations = annotationsOf(parsed.json);
      return {
        ...describe(index, effect, annotations),
        text: statement,
        annotations,
        depth: depthOf(parsed.json),
        reads: readsOf(conditions),
      };
    });
    return { statements };
  });
}

const NO_TEMPLATES: Complaint = {
  message: "a template, with ?principal or ?resource, is of no use here",
  help: "write the statement out, for each of those it is about",
};

/** Cedar gives statements by their names, and `policy10` comes before `policy2`. */
function inTheirOrder(statements: readonly string[]): readonly string[] {
  const places = statements.map((_, index) => index);
  const byName = places.toSorted((a, b) => (`${a}` < `${b}` ? -1 : 1));
  const ordered = [...statements];
  for (const [index, place] of byName.entries()) ordered[place] = statements[index] ?? "";
  return ordered;
}

/** One without a value has none in Cedar's JSON: empty, as in Cedar's own words. */
function annotationsOf({
  annotations = {},
}: {
  readonly annotations?: Readonly<Record<string, string | null>>;
}): ReadonlyMap<string, string> {
  return new Map(Object.entries(annotations).map(([name, value]) => [name, value ?? ""]));
}

function describe(
  index: number,
  effect: WirePolicyStatement["effect"],
  annotations: ReadonlyMap<string, string>,
): WirePolicyStatement {
  const hold = annotations.get("hold");
  const reason = annotations.get("reason");
  return {
    id: annotations.get("id") ?? `policy${index}`,
    effect,
    ...(hold !== undefined && { hold }),
    ...(reason !== undefined && { reason }),
  };
}
