import type { WireEvent, WireList, WireReceipt, WireRequest } from "@holdpoint/protocol";
import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import type { OperatorClient } from "../../api/client.js";
import type { Plan } from "../../output/plan.js";
import { fetchAction } from "../actions/fetch.js";

/** The history of a request, oldest first. */
export async function fetchHistory(
  client: OperatorClient,
  requestId: string,
): Promise<readonly WireEvent[]> {
  const { eventSchema, listSchema } = await import("@holdpoint/protocol/schemas");
  const { data } = await client.call<WireList<WireEvent>>(
    { path: `/v1/requests/${requestId}/events` },
    listSchema(eventSchema),
  );
  return data;
}

/**
 * What the gate runs for a request, by its newest receipt and the manifest of the digest that stands
 * there. `undefined` where the gate has nothing to do with it.
 */
export async function fetchPlan(
  client: OperatorClient,
  request: WireRequest,
  history: readonly WireEvent[],
): Promise<Plan | undefined> {
  const newest = history.at(-1);
  if (request.service !== GATE_SERVICE || newest === undefined) return undefined;
  const { receiptSchema } = await import("@holdpoint/protocol/schemas");
  const receipt = await client.call<WireReceipt>(
    { path: `/v1/receipts/${newest.receipt_id}` },
    receiptSchema,
  );
  const part = readGatePart(receipt);
  if (part === undefined) return undefined;
  return { part, action: await fetchAction(client, request.action, part.action_digest) };
}

/** Read, not verified: it comes from the control plane as the request does. */
function readGatePart({ jws }: WireReceipt): Plan["part"] | undefined {
  const [, payload = ""] = jws.split(".");
  const content: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  return (content as { readonly gate?: Plan["part"] }).gate;
}
