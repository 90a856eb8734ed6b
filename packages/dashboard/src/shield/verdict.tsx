import type { WireRequest, WireShieldVerdict } from "@holdpoint/protocol";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { Text } from "../ui/text.js";
import { ModeMark } from "./mode-mark.js";
import { effectMeaning, effectText, signalName } from "./words.js";

/** What the shield measured of a request when it was made, and where that stands in the graph. */
export function ShieldFacts({
  request,
  verdict,
}: {
  request: WireRequest;
  verdict: WireShieldVerdict;
}) {
  const { anomalous, explanation, surprise_bits: bits, signals, mode } = verdict;
  return (
    <section
      aria-label="Shield"
      className={`border-t border-line px-4 py-2.5 ${anomalous ? "bg-removed-wash" : ""}`}
    >
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h3 className="eyebrow">Shield</h3>
        <span className="text-sm text-soft">
          <ModeMark mode={mode} />
        </span>
      </div>
      {anomalous ? (
        <>
          <p>
            <TriangleAlert
              size={14}
              aria-hidden
              className="mr-1 inline align-[-2px] text-removed"
            />
            <strong>{effectText(verdict)}</strong>
            <span className="text-soft">: {signals.map(signalName).join(", ")}</span>
          </p>
          <p>
            <Text maxLength={600}>{explanation}</Text>
          </p>
          <p className="text-soft">{effectMeaning(verdict)}</p>
        </>
      ) : (
        <p>
          <strong>As usual</strong>
          <span className="text-soft">
            {". "}
            <Text maxLength={600}>{explanation}</Text>
          </span>
        </p>
      )}
      <p className="text-sm text-soft">
        {bits.toFixed(1)} bits of surprise
        {" · "}
        <WayLink request={request} verdict={verdict} />
      </p>
    </section>
  );
}

function WayLink({ request, verdict }: { request: WireRequest; verdict: WireShieldVerdict }) {
  const { service, environment, action } = request;
  return (
    <Link
      to="/shield/$service"
      params={{ service }}
      search={{
        ...(environment !== undefined && { environment }),
        ...(verdict.after !== undefined && { from: verdict.after }),
        to: action,
      }}
      className="text-accent underline"
    >
      See it in the graph
    </Link>
  );
}
