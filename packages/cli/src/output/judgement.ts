import type { WirePolicyJudgement, WireShieldVerdict } from "@holdpoint/protocol";
import { printableLine } from "./text.js";

/** `hold by large-refund (revision 3): Over 100 EUR.` */
export function describeJudgement(judgement: WirePolicyJudgement): string {
  const { revision, verdict, policies, reason } = judgement;
  const names = policies.map((name) => printableLine(name, 60)).join(", ");
  const by = names === "" ? "" : ` by ${names}`;
  const why = reason === undefined ? "" : `: ${printableLine(reason, 300)}`;
  return `${verdict}${by} (revision ${revision})${why}`;
}

/** `held in enforce: After read_logs, deploy has gone to apply_terraform 0 of 1,412 times.` */
export function describeVerdict({
  effect,
  mode,
  anomalous,
  explanation,
}: WireShieldVerdict): string {
  const came = anomalous ? (effect === "none" ? "unusual" : effect) : "usual";
  return `${came} in ${mode}: ${printableLine(explanation, 600)}`;
}
