import { isEnvelope, type JsonObject, type JsonValue, LIMITS } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { AgentCaller } from "../../domain/caller.js";
import { digestOfIntent, digestTextOf } from "../../domain/digest.js";
import { assertEnvelope, unmarkedEnvelope } from "../../domain/envelope.js";
import { assertPayloadSize } from "../../domain/payload.js";
import type { NewRequest } from "../../domain/request.js";
import {
  type NewPurchase,
  type PurchaseTerms,
  SPEND_SERVICE,
} from "../../domain/spend/purchase.js";

/** What an agent says of a purchase beside its terms. */
interface Intake {
  readonly details?: JsonValue | undefined;
  readonly encrypted?: boolean | undefined;
  readonly agent_label?: string | undefined;
  readonly environment?: string | undefined;
  readonly run_id?: string | undefined;
  readonly parent_request_id?: string | undefined;
}

/**
 * Refuses details that a person could not read.
 *
 * @throws {ProblemError} `ENVELOPE_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export function assertDetails(
  request: Pick<NewRequest, "id" | "projectId">,
  { details = {}, encrypted }: Intake,
): void {
  if (encrypted === true) assertEnvelope(details, request, "payload", "/details");
  else if (isEnvelope(details)) throw unmarkedEnvelope("details", "/encrypted");
  assertPayloadSize(details, "/details");
}

/** A purchase about to be judged, with what the server knows beside what the agent says. */
export function purchaseOf(
  { projectId, agent }: AgentCaller,
  input: Intake,
  made: {
    readonly id: string;
    readonly action: string;
    readonly metadata: JsonObject;
    readonly terms: PurchaseTerms;
    /** Where the agent has not sealed the details. */
    readonly plain: () => Pick<NewRequest, "payload"> & { readonly schema: JsonObject };
    readonly now: number;
  },
): NewPurchase {
  const { id, action, metadata, terms, now } = made;
  const { details = {}, encrypted = false } = input;
  const contents = encrypted ? { payload: details } : made.plain();
  return {
    request: {
      id,
      projectId,
      agent,
      service: SPEND_SERVICE,
      action,
      priority: "medium",
      metadata,
      createdAt: now,
      digest: digestOfIntent(input),
      encrypted,
      ...contents,
      payloadDigest: digestTextOf(contents.payload),
      ...(input.agent_label !== undefined && { agentLabel: input.agent_label }),
      ...(input.environment !== undefined && { environment: input.environment }),
      ...(input.run_id !== undefined && { runId: input.run_id }),
      ...(input.parent_request_id !== undefined && { parentRequestId: input.parent_request_id }),
    },
    terms,
    grant: { id: typeidUnboxed("gnt"), expiresAt: now + LIMITS.grantMs },
  };
}
