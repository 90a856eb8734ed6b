import type { WirePolicyJudgement } from "@holdpoint/protocol";
import { Link } from "@tanstack/react-router";
import { verdictName } from "../policies/verdicts.js";
import { Text } from "../ui/text.js";

/** What the project's policy said of a request when it was made. */
export function Judgement({ judgement }: { judgement: WirePolicyJudgement }) {
  const { revision, verdict, policies, reason } = judgement;
  return (
    <div className="border-t border-line px-4 py-2.5">
      <p className="eyebrow">Policy</p>
      <p>
        <strong>{verdictName(verdict)}</strong>
        {policies.length > 0 && (
          <>
            {" by "}
            <span className="font-mono text-sm">
              <Text maxLength={300}>{policies.join(", ")}</Text>
            </span>
          </>
        )}
        {revision > 0 && (
          <>
            {" · "}
            <Link to="/policies" className="text-accent underline">
              revision {revision}
            </Link>
          </>
        )}
      </p>
      {reason !== undefined && (
        <p className="text-soft">
          “<Text maxLength={500}>{reason}</Text>”
        </p>
      )}
    </div>
  );
}
