import { isFinalStatus, type WireDecision, type WireRequest } from "@holdpoint/protocol";
import type { OperatorClient } from "../../api/client.js";
import { CommandFailure } from "../../failure.js";
import { describeActor } from "../../output/request.js";
import { exactTime } from "../../output/time.js";

/** Says early, before anybody is asked to confirm, that there is nothing left to decide. */
export function requirePending(request: WireRequest): void {
  if (!isFinalStatus(request.status)) return;
  const by = request.decided_by ? ` by ${describeActor(request.decided_by)}` : "";
  const at = request.resolved_at ? `, ${exactTime(request.resolved_at, Date.now())}` : "";
  throw new CommandFailure({
    reason: "conflict",
    code: "ALREADY_DECIDED",
    message: `${request.id} is ${request.status} already${by}${at}.`,
    next: `holdpoint requests show ${request.id}`,
  });
}

/** Sends a decision on the revision that was read, so that what was seen is what is decided. */
export async function sendDecision(
  client: OperatorClient,
  requestId: string,
  decision: WireDecision,
): Promise<WireRequest> {
  const { requestSchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireRequest>(
    { method: "POST", path: `/v1/requests/${requestId}/decision`, body: decision },
    requestSchema,
  );
}
