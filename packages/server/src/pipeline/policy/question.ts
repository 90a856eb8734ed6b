import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import type { PolicyQuestion } from "../../domain/policy/question.js";
import type { Request } from "../../domain/request.js";
import { type PurchaseTerms, SPEND_SERVICE } from "../../domain/spend/purchase.js";

/** What a request is asked about, whichever way it comes. */
type Asked = Pick<
  Request,
  | "projectId"
  | "agent"
  | "service"
  | "action"
  | "priority"
  | "environment"
  | "runId"
  | "encrypted"
  | "payload"
  | "createdAt"
  | "shield"
>;

/** @param spend - Of a purchase, or of an action that costs something. */
export function questionOf(
  request: Asked,
  scopes: readonly string[],
  spend?: PolicyQuestion["spend"],
): PolicyQuestion {
  const { projectId, agent, service, action, priority, environment, runId } = request;
  const { encrypted, payload, createdAt: at, shield } = request;
  return {
    projectId,
    agent,
    entry: ENTRIES[service] ?? "ask",
    service,
    action,
    priority,
    scopes,
    at,
    ...(environment !== undefined && { environment }),
    ...(runId !== undefined && { runId }),
    // An envelope says nothing of what is in it. Nor does a payload that retention has deleted.
    ...(!encrypted && payload !== undefined && { payload: payload as PolicyPayload }),
    ...(spend !== undefined && { spend }),
    ...(shield !== undefined && { shield: shieldOf(shield) }),
  };
}

function shieldOf({ mode, anomalous, one_in: oneIn }: NonNullable<Asked["shield"]>) {
  return { mode, anomalous, ...(oneIn !== undefined && { oneIn }) };
}

type PolicyPayload = NonNullable<PolicyQuestion["payload"]>;

/** Nobody else can ask in the name of these. */
const ENTRIES: Readonly<Record<string, PolicyQuestion["entry"]>> = Object.assign(
  Object.create(null),
  { [SPEND_SERVICE]: "purchase", [GATE_SERVICE]: "execute" },
);

export function spendOf(terms: PurchaseTerms): NonNullable<PolicyQuestion["spend"]> {
  const { amountMinor, currency, category, payee } = terms;
  return { amountMinor, currency, category, ...(payee !== undefined && { payee }) };
}
