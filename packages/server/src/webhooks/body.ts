import type { WireWebhookEvent } from "@holdpoint/protocol";
import type { Context } from "../context.js";
import { SPEND_SERVICE } from "../domain/spend/purchase.js";
import { toWireEvent } from "../routes/events/wire.js";
import { toWireExecution } from "../routes/executions/wire.js";
import { toWirePurchase } from "../routes/purchases/wire.js";
import { toWireRequest } from "../routes/requests/wire.js";
import { wireTime } from "../routes/time.js";
import type { WebhookDelivery } from "../store/verbs/webhooks.js";

/**
 * What a delivery says, read when it is sent: what has been deleted since stays unsaid, and what is
 * encrypted stays encrypted.
 *
 * @throws {Error} when its event is not there, or the store's errors for what cannot be opened.
 */
export async function buildBody(
  { store, publicUrl }: Pick<Context, "store" | "publicUrl">,
  delivery: WebhookDelivery,
): Promise<WireWebhookEvent> {
  const { projectId, requestId, eventId, type, createdAt } = delivery;
  if (requestId === undefined) return { type, timestamp: wireTime(createdAt), data: {} };
  const [events, request] = await Promise.all([
    store.events.listForRequest(projectId, requestId),
    store.requests.find(projectId, requestId),
  ]);
  const event = events.find(({ id }) => id === eventId);
  if (event === undefined || request === undefined) {
    throw new Error(`Expected event ${eventId} of ${requestId} in the store, found none.`);
  }
  const execution = event.execution && (await store.executions.find(projectId, event.execution.id));
  const isSpend = request.service === SPEND_SERVICE;
  const purchase = isSpend ? await store.purchases.find(projectId, requestId) : undefined;
  return {
    type,
    timestamp: event.at,
    data: {
      event: toWireEvent(event),
      request: toWireRequest(request, publicUrl()),
      ...(execution !== undefined && { execution: toWireExecution(execution) }),
      ...(purchase !== undefined && { purchase: toWirePurchase(purchase, publicUrl()) }),
    },
  };
}
