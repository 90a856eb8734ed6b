import type { WireGatePart } from "@holdpoint/protocol";
import type { WireAction } from "@holdpoint/protocol/gate";
import type { Colours } from "../terminal.js";
import { factRows, manifestFacts } from "./action.js";
import { VERIFICATIONS } from "./evidence.js";
import { describeActor, section } from "./request.js";
import { printableLine } from "./text.js";

/** What the gate runs for a request, as it knows it itself: nothing of it is the agent's claim. */
export interface Plan {
  readonly part: WireGatePart;
  readonly action: WireAction;
}

/** The exact version, where it goes and with what; and once it has run, whether it was seen to. */
export function describePlan({ part, action }: Plan, colours: Colours): string {
  const { registration } = action;
  const facts = [
    [
      "action",
      `${action.id} ${printableLine(part.action_version)}: ${printableLine(action.title)}`,
    ],
    ["manifest", part.action_digest],
    ...(registration === undefined ? [] : manifestFacts(registration.manifest)),
    ["withdrawn", registration?.withdrawn_at && "yes: it is not run any more"],
    ["lease", `${part.lease_id}`],
    ["session", part.session_id],
    ["let run by", part.approved_by && describeActor(part.approved_by)],
    ["verification", part.verification && VERIFICATIONS[part.verification]],
  ] as const;
  return section("Plan", factRows(facts, colours), colours);
}
