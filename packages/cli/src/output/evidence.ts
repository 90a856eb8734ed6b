import type {
  GateVerificationStatus,
  WireGatePart,
  WireProjectReceiptContent,
  WireReceiptContent,
  WireRequestReceiptContent,
} from "@holdpoint/protocol";
import { isRequestReceipt } from "@holdpoint/protocol/receipt";
import type { Colours } from "../terminal.js";
import { columns } from "./columns.js";
import { describeJudgement } from "./judgement.js";
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

type Facts = readonly (readonly [string, string | undefined])[];

/** What a receipt says. Signed text is still text that others wrote. */
export function receiptFacts(content: WireReceiptContent): Facts {
  return [
    ...(isRequestReceipt(content) ? requestFacts(content) : projectFacts(content)),
    ["by", printableLine(describeActor(content.actor))],
    ["at", `${content.at} (by the control plane's clock)`],
    ["agent", content.agent_id],
    ["project", content.project_id],
    ["receipt", content.id],
  ];
}

function requestFacts(content: WireRequestReceiptContent): Facts {
  const { execution, gate, policy } = content;
  return [
    ["what", `${content.type}: ${describeAction(content)}`],
    ["status", `${content.status}, revision ${content.revision}, ${content.priority}`],
    ["request", content.request_id],
    ["execution", execution && `${execution.id}, fencing token ${execution.fencing_token}`],
    ["policy", policy && describeJudgement(policy)],
    ...(gate === undefined ? [] : gateFacts(gate)),
  ];
}

/** Exactly what the gate ran, for whom, and whether the effect was seen. */
function gateFacts(gate: WireGatePart): Facts {
  return [
    ["version", printableLine(gate.action_version, 64)],
    ["manifest", gate.action_digest],
    ["approved by", gate.approved_by && printableLine(describeActor(gate.approved_by))],
    ["verification", gate.verification && VERIFICATIONS[gate.verification]],
    ["lease", `${gate.lease_id} of session ${gate.session_id}`],
  ];
}

/** Whether the effect of an action was seen to be there. */
export const VERIFICATIONS: Readonly<Record<GateVerificationStatus, string>> = {
  verified: "verified: the effect was seen",
  failed: "failed: the effect was not seen, though the call succeeded",
  unverifiable: "unverifiable: its manifest says that nobody can look",
  not_run: "not run: there was nothing to look at",
};

function projectFacts({ type, subject }: WireProjectReceiptContent): Facts {
  const isAuthority = type === "authority.frozen" || type === "authority.thawed";
  const revision = subject.revision === undefined ? undefined : String(subject.revision);
  return [
    ["what", type],
    ["of", printableLine(subject.id)],
    ["version", subject.version && printableLine(subject.version, 64)],
    [isAuthority ? "epoch" : "revision", revision],
    ["digest", subject.digest],
  ];
}
