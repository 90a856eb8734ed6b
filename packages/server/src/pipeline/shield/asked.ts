import { type JsonValue, LIMITS, markedSkeletonOf, type SensitiveKind } from "@holdpoint/protocol";
import { digestOf } from "../../domain/digest.js";
import type { NewRequest } from "../../domain/request.js";
import type { ShieldIntent, ShieldPlace, ShieldSource } from "../../domain/shield/entry.js";
import { runKeyOf } from "./place.js";

/** A step about to be measured: what the agent says of it, and what the server knows itself. */
export interface AskedStep {
  readonly source: ShieldSource;
  readonly place: ShieldPlace;
  /** The observation (`obs_…`) or the request (`req_…`). */
  readonly id: string;
  readonly agentId: string;
  readonly agentLabel?: string;
  readonly runId?: string;
  readonly parentRequestId?: string;
  readonly intent: ShieldIntent;
  /** Where the server can read it. */
  readonly payload?: JsonValue;
}

type AskedRequest = Omit<NewRequest, "expiresAt" | "role" | "quorum" | "shield" | "step">;

/** What an agent says of contents that may be sealed. */
export interface AskClaims {
  readonly fingerprint?: string | undefined;
  readonly sensitive?: readonly SensitiveKind[] | undefined;
}

/**
 * A request as the shield sees it. Of a payload that can be read the server tells shape and
 * fingerprint itself, where the agent does not; of one that cannot be, only the agent can.
 */
export function askedOf(
  source: Exclude<ShieldSource, "observe">,
  request: AskedRequest,
  { fingerprint, sensitive, cost }: AskClaims & Pick<ShieldIntent, "cost">,
): AskedStep {
  const { projectId, agent, service, environment = "", runId, encrypted } = request;
  const payload = encrypted ? undefined : (request.payload as JsonValue);
  const skeletonHash =
    request.skeletonHash ??
    (payload === undefined ? undefined : digestOf(markedSkeletonOf(payload)));
  const print = fingerprint ?? (encrypted ? undefined : printOf(request));
  return {
    source,
    place: { projectId, service, environment },
    id: request.id,
    agentId: agent.id,
    ...(request.agentLabel !== undefined && { agentLabel: request.agentLabel }),
    ...(runId !== undefined && { runId }),
    ...(request.parentRequestId !== undefined && { parentRequestId: request.parentRequestId }),
    intent: {
      runKey: runKeyOf(agent.id, runId),
      action: request.action,
      priority: request.priority,
      receivedAt: request.createdAt,
      endsRun: false,
      ...(skeletonHash !== undefined && { skeletonHash }),
      ...(print !== undefined && { fingerprint: print }),
      ...(sensitive !== undefined && { sensitive }),
      ...(cost !== undefined && { cost }),
    },
    ...(payload !== undefined && { payload }),
  };
}

/** As good for telling whether arguments are equal, and no more than is stored of them anyway. */
function printOf({ payloadDigest }: AskedRequest): string | undefined {
  return payloadDigest?.slice(-LIMITS.fingerprintDigits);
}
