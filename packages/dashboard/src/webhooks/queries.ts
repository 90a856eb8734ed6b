import type {
  RequestEventType,
  WebhookDeliveryStatus,
  WireList,
  WireWebhookDelivery,
  WireWebhookEndpoint,
} from "@holdpoint/protocol";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { callServer, queryText } from "../server/call.js";

/** How often deliveries under way are read again: nothing live tells of them. */
const REFRESH_MS = 3_000;
const PAGE_SIZE = 50;

export function endpointsQuery(projectId: string) {
  return queryOptions({
    queryKey: ["webhooks", projectId, "endpoints"],
    queryFn: ({ signal }) =>
      callServer<WireList<WireWebhookEndpoint>>("/v1/webhook-endpoints", { projectId, signal }),
  });
}

export interface DeliveryFilters {
  readonly endpoint_id?: string;
  readonly status?: WebhookDeliveryStatus;
}

export function deliveriesQuery(projectId: string, filters: DeliveryFilters) {
  return infiniteQueryOptions({
    queryKey: ["webhooks", projectId, "deliveries", filters],
    queryFn: ({ pageParam, signal }) =>
      callServer<WireList<WireWebhookDelivery>>(
        `/v1/webhook-deliveries${queryText({ ...filters, limit: PAGE_SIZE, cursor: pageParam })}`,
        { projectId, signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
}

export interface EndpointInput {
  readonly url: string;
  readonly description?: string;
  readonly event_types?: readonly RequestEventType[];
}

export function createEndpoint(projectId: string, body: EndpointInput) {
  return callServer<WireWebhookEndpoint>("/v1/webhook-endpoints", {
    method: "POST",
    projectId,
    body,
  });
}

export function enableEndpoint(projectId: string, endpointId: string, enabled: boolean) {
  const body = { enabled };
  return callServer<WireWebhookEndpoint>(pathOf(endpointId), { method: "PATCH", projectId, body });
}

export function deleteEndpoint(projectId: string, endpointId: string) {
  return callServer<undefined>(pathOf(endpointId), { method: "DELETE", projectId });
}

export function rotateSecret(projectId: string, endpointId: string) {
  const path = `${pathOf(endpointId)}/rotate-secret`;
  return callServer<WireWebhookEndpoint>(path, { method: "POST", projectId });
}

export function sendTest(projectId: string, endpointId: string) {
  return callServer<WireWebhookDelivery>(`${pathOf(endpointId)}/test`, {
    method: "POST",
    projectId,
  });
}

export function replayDelivery(projectId: string, deliveryId: string) {
  const path = `/v1/webhook-deliveries/${encodeURIComponent(deliveryId)}/replay`;
  return callServer<WireWebhookDelivery>(path, { method: "POST", projectId });
}

function pathOf(endpointId: string): string {
  return `/v1/webhook-endpoints/${encodeURIComponent(endpointId)}`;
}
