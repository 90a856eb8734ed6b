import type { WireReceiptContent } from "@holdpoint/protocol";
import type { Colours } from "../terminal.js";
import { columns } from "./columns.js";
import { describeAction, describeActor, section } from "./request.js";
import { printableLine } from "./text.js";

/** What was checked and what was not, each with a word on how. */
export interface Findings {
  readonly checked: readonly (readonly [string, string])[];
  readonly notChecked: readonly (readonly [string, string])[];
}

/** One page: the verdict, what it is about, what was checked and what was not. */
export function describeEvidence(
  verdict: string,
  facts: readonly (readonly [string, string | undefined])[],
  { checked, notChecked }: Findings,
  colours: Colours,
): string {
  const { bold, dim, green } = colours;
  const known = facts.flatMap(([name, fact]) => (fact === undefined ? [] : [[dim(name), fact]]));
  const rows = (sign: string, findings: Findings["checked"]) =>
    columns(findings.map(([name, how]) => [sign, name, how]));
  return [
    `${green("✓")} ${bold(verdict)}`,
    columns(known),
    section("Checked", rows(green("✓"), checked), colours),
    section("Not checked", rows(dim("–"), notChecked), colours),
  ].join("\n\n");
}

/** What a receipt says. Signed text is still text that others wrote. */
export function receiptFacts(
  content: WireReceiptContent,
): readonly (readonly [string, string | undefined])[] {
  const run = content.execution;
  return [
    ["what", `${content.type}: ${describeAction(content)}`],
    ["status", `${content.status}, revision ${content.revision}, ${content.priority}`],
    ["by", printableLine(describeActor(content.actor))],
    ["at", `${content.at} (by the control plane's clock)`],
    ["request", content.request_id],
    ["execution", run && `${run.id}, fencing token ${run.fencing_token}`],
    ["agent", content.agent_id],
    ["project", content.project_id],
    ["receipt", content.id],
  ];
}
