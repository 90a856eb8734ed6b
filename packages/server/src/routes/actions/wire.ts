import { receiptIdOf } from "@holdpoint/protocol";
import type { WireAction, WireActionRegistration } from "@holdpoint/protocol/gate";
import { type Action, returnsOutput } from "../../domain/gate/action.js";
import type { ActionUse } from "../../store/verbs/actions.js";
import { optionalTime, wireTime } from "../time.js";

/** An action as an agent sees it. */
export function toWireAction(action: Action): WireAction {
  const { manifest } = action;
  const { cost, result } = manifest;
  return {
    id: action.id,
    version: action.version,
    digest: action.digest,
    title: manifest.title,
    description: manifest.description,
    risk: manifest.risk,
    approval: manifest.approval ?? "policy",
    parameters: manifest.parameters,
    ...(result !== undefined && { result }),
    egress: manifest.egress,
    ...(cost !== undefined && { cost }),
    verification: manifest.verification.type,
    returns_output: returnsOutput(action),
  };
}

/** The same as an operator sees it. @param use - Absent: it was never called. */
export function toRegisteredAction(action: Action, use: ActionUse | undefined): WireAction {
  return { ...toWireAction(action), registration: registrationOf(action, use) };
}

function registrationOf(action: Action, use: ActionUse | undefined): WireActionRegistration {
  return {
    manifest: action.manifest,
    registered_at: wireTime(action.registeredAt),
    registered_by: action.registeredBy,
    ...optionalTime("withdrawn_at", action.withdrawnAt),
    receipt_id: receiptIdOf(action.eventId),
    calls: use?.calls ?? 0,
    ...optionalTime("last_called_at", use?.lastCalledAt),
  };
}
