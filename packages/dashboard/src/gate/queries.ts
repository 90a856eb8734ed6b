import type {
  RequestEventType,
  WireEvent,
  WireGatePart,
  WireList,
  WireReceipt,
  WireRequest,
} from "@holdpoint/protocol";
import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import { queryOptions } from "@tanstack/react-query";
import { actionQuery, type RegisteredAction } from "../actions/queries.js";
import { callServer } from "../server/call.js";
import { readGatePart } from "./evidence.js";

/** The exact version a call was asked with, and by whom. It never changes. */
export interface GatePlan {
  readonly part: WireGatePart;
  readonly action: RegisteredAction;
}

/** Whether the gate runs it: the server says so, never the agent. */
export function isGateCall({ service }: Pick<WireRequest, "service">): boolean {
  return service === GATE_SERVICE;
}

/** What is about to run, or has run: by the receipt of its making, and the manifest of that digest. */
export function gatePlanQuery(projectId: string, request: Pick<WireRequest, "id" | "action">) {
  return queryOptions({
    queryKey: ["gate-plan", projectId, request.id],
    queryFn: async ({ client, signal }): Promise<GatePlan | null> => {
      const [part] = await fetchParts(projectId, request.id, ["request.created"], signal);
      if (part === undefined) return null;
      const wanted = actionQuery(projectId, request.action, part.action_digest);
      return { part, action: await client.fetchQuery(wanted) };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const ENDINGS: readonly RequestEventType[] = [
  "execution.committed",
  "execution.failed",
  "execution.outcome_unknown",
];

/** What the receipt of its ending says; `null` while it has none. */
export function gateEndingQuery(projectId: string, requestId: string) {
  return queryOptions({
    queryKey: ["requests", projectId, "gate-ending", requestId],
    queryFn: async ({ signal }): Promise<WireGatePart | null> => {
      const parts = await fetchParts(projectId, requestId, ENDINGS, signal);
      return parts.at(-1) ?? null;
    },
  });
}

async function fetchParts(
  projectId: string,
  requestId: string,
  types: readonly RequestEventType[],
  signal: AbortSignal,
): Promise<readonly WireGatePart[]> {
  const options = { projectId, signal };
  const path = `/v1/requests/${encodeURIComponent(requestId)}/events`;
  const { data: events } = await callServer<WireList<WireEvent>>(path, options);
  const wanted = events.filter(({ type }) => types.includes(type));
  const receipts = await Promise.all(
    wanted.map(({ receipt_id: id }) =>
      callServer<WireReceipt>(`/v1/receipts/${encodeURIComponent(id)}`, options),
    ),
  );
  return receipts.flatMap((receipt) => readGatePart(receipt) ?? []);
}
