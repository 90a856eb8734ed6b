import { createHmac, randomUUID } from "node:crypto";
import type { TestControlPlane } from "@holdpoint/testing";

/** The secret that {@link signDecision} signs with. */
export const SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;

/**
 * The webhook of a decision as the control plane sends it, signed as Standard Webhooks has it.
 *
 * @returns a new request each time, of one and the same event.
 */
export async function signDecision(
  plane: TestControlPlane,
  id: string,
  decidedAt: Date = new Date(),
): Promise<() => Request> {
  const request = await plane.request(id);
  const type = request.status.startsWith("APPROVED") ? "request.approved" : "request.rejected";
  const eventId = `evt_${randomUUID()}`;
  const event = {
    ...{ id: eventId, type, request_id: id, receipt_id: request.receipt_id },
    actor: request.decided_by,
  };
  const timestamp = decidedAt.toISOString();
  const body = JSON.stringify({ type, timestamp, data: { event, request } });
  const seconds = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${eventId}.${seconds}.${body}`);
  const headers = {
    "webhook-id": eventId,
    "webhook-timestamp": seconds,
    "webhook-signature": `v1,${signature.digest("base64")}`,
  };
  return () => new Request("http://localhost/hooks", { method: "POST", body, headers });
}
