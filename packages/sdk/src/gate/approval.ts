import type { WireGateApproval } from "@holdpoint/protocol/gate";
import {
  isFinalStatus,
  LIMITS,
  requireInteger,
  requireRequestId,
  startDeadline,
  WaitTimeoutError,
  waitUntilFinal,
} from "../core.js";
import type { Connection } from "./connection.js";
import type { ApprovalOptions, GateApproval } from "./options.js";
import { refusalOf } from "./outcome.js";
import { viewApproval } from "./view.js";
import { parseApproval } from "./wire.js";

/** How long to wait past the last moment a person has, so that the answer expired is the server's. */
const EXPIRY_GRACE_MS = 30_000;

export async function fetchApproval(
  { transport }: Connection,
  id: string,
  signal: AbortSignal | undefined,
): Promise<GateApproval> {
  const path = `/v1/approvals/${requireRequestId(id)}`;
  const body = await transport.call({ method: "GET", path, signal, requestId: id });
  return viewApproval(parseApproval(body, id));
}

/** Waits for the answer to a held call, and reads it as it stands once the time is over. */
export async function readApproval(
  connection: Connection,
  id: string,
  { waitMs = LIMITS.defaultTimeoutMs, signal }: ApprovalOptions,
): Promise<GateApproval> {
  requireInteger("waitMs", waitMs, 0, LIMITS.maxTimeoutMs);
  if (waitMs > 0) {
    try {
      return await waitForApproval(connection, id, waitMs, signal);
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error;
    }
  }
  return fetchApproval(connection, id, signal);
}

/**
 * Waits as long as it takes until a held call is approved.
 *
 * @throws {ApprovalRejectedError} It was not.
 */
export async function awaitApproval(
  connection: Connection,
  id: string,
  signal: AbortSignal | undefined,
): Promise<GateApproval> {
  // The control plane ends it in time: what was not decided until then is expired.
  const timeoutMs = LIMITS.maxTimeoutMs + EXPIRY_GRACE_MS;
  const approval = await waitForApproval(connection, id, timeoutMs, signal);
  const refusal = refusalOf(approval);
  if (refusal !== undefined) throw refusal;
  return approval;
}

async function waitForApproval(
  { transport }: Connection,
  id: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<GateApproval> {
  const held = {
    id,
    path: `/v1/approvals/${requireRequestId(id)}`,
    read: (body: unknown) => parseApproval(body, id),
    isFinal: ({ status }: WireGateApproval) => isFinalStatus(status),
  };
  const deadline = startDeadline(timeoutMs);
  return viewApproval(await waitUntilFinal(transport, held, { deadline, signal }));
}
