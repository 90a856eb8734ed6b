import type { GateVerificationStatus, WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleHelp, type LucideIcon } from "lucide-react";
import { actorName } from "../requests/status.js";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";
import { gateEndingQuery, isGateCall } from "./queries.js";

const SEEN: Readonly<
  Record<GateVerificationStatus, { readonly text: string; readonly icon: LucideIcon }>
> = {
  verified: { text: "Its effect was seen to be there", icon: CircleCheck },
  failed: { text: "Its effect was looked for, and not found", icon: CircleAlert },
  unverifiable: { text: "Nobody can look whether it has had its effect", icon: CircleHelp },
  not_run: { text: "There was nothing to look at", icon: CircleHelp },
};

/** What the receipt says of how a call of the gate ended: whether its effect is there, and who let it. */
export function GateEnding({ request }: { request: WireRequest }) {
  const { project } = useSession();
  const { data: part } = useQuery({
    ...gateEndingQuery(project.id, request.id),
    enabled: isGateCall(request),
  });
  if (!part) return null;
  const { verification, approved_by: by } = part;
  const seen = verification === undefined ? undefined : SEEN[verification];
  return (
    <>
      {seen !== undefined && (
        <p className={`flex gap-2 ${verification === "failed" ? "text-removed" : ""}`}>
          <seen.icon size={16} aria-hidden className="mt-0.5 shrink-0" />
          {seen.text}
        </p>
      )}
      {by !== undefined && (
        <p className="text-soft">
          Let through by <Text maxLength={100}>{actorName(by)}</Text>
        </p>
      )}
    </>
  );
}
