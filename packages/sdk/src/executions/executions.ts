import type {
  WireClaim,
  WireCommit,
  WireFail,
  WireReconcile,
  WireRenew,
} from "@holdpoint/protocol";
import { createId, invalidInput, isId, LIMITS, requireInteger, requireRequestId } from "../core.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import { openExecution, sealContent } from "./contents.js";
import type { Execution } from "./execution.js";
import type { Executions } from "./options.js";
import { type ExpectedExecution, parseExecution } from "./wire.js";

/** `undefined` members are left out by `JSON.stringify`. */
type Sendable<Wire> = { [Key in keyof Wire]: Wire[Key] | undefined };

/** The calls behind `hp.executions`. */
export function createExecutions({ transport, cipher }: ClientParts): Executions {
  const seal = sealContent.bind(undefined, cipher);

  async function post(
    path: string,
    body: object,
    expected: ExpectedExecution,
    { signal }: CallOptions,
  ): Promise<Execution> {
    const { requestId } = expected;
    const answer = await transport.call({
      method: "POST",
      path,
      body: JSON.stringify(body),
      signal,
      ...(requestId !== undefined && { requestId }),
    });
    return openExecution(parseExecution(answer, expected), cipher);
  }

  const settle = (
    { id, requestId }: { readonly id: string; readonly requestId: string },
    verb: string,
    body: object,
    options: CallOptions,
  ) => post(`/v1/executions/${requireExecutionId(id)}/${verb}`, body, { id, requestId }, options);

  return {
    async claim({ id: requestId, grant }, { leaseMs, idempotent, id, ...options } = {}) {
      const body = {
        id: id === undefined ? createId("exe") : requireExecutionId(id),
        grant_id: grant.id,
        approved_digest: grant.approvedDigest,
        lease_ms: optionalLease(leaseMs),
        idempotent,
      } satisfies Sendable<WireClaim>;
      // The id answered may be an older one: a claim anew takes over the execution that is there.
      return post(
        `/v1/requests/${requireRequestId(requestId)}/executions`,
        body,
        { requestId },
        options,
      );
    },
    async renew(execution, { leaseMs, ...options } = {}) {
      const body = {
        fencing_token: execution.fencingToken,
        lease_ms: optionalLease(leaseMs),
      } satisfies Sendable<WireRenew>;
      return settle(execution, "renew", body, options);
    },
    async commit(execution, result, options = {}) {
      const { requestId, fencingToken } = execution;
      const body = {
        fencing_token: fencingToken,
        result: await seal(requestId, "result", result),
      } satisfies Sendable<WireCommit>;
      return settle(execution, "commit", body, options);
    },
    async fail(execution, error, options = {}) {
      const { requestId, fencingToken } = execution;
      const body = {
        fencing_token: fencingToken,
        error: await seal(requestId, "error", error),
      } satisfies Sendable<WireFail>;
      return settle(execution, "fail", body, options);
    },
    async reconcile(execution, { outcome, evidence, result, error }, options = {}) {
      const { requestId } = execution;
      const body = {
        outcome,
        evidence: await seal(requestId, "evidence", evidence),
        result: await seal(requestId, "result", result),
        error: await seal(requestId, "error", error),
      } satisfies Sendable<WireReconcile>;
      return settle(execution, "reconcile", body, options);
    },
    async get(id, { waitMs = 0, signal } = {}) {
      const held = requireInteger("waitMs", waitMs, 0, LIMITS.maxWaitMs);
      const answer = await transport.call({
        method: "GET",
        path: `/v1/executions/${requireExecutionId(id)}${held > 0 ? `?wait_ms=${held}` : ""}`,
        signal,
        ...(held > 0 && { timeoutMs: held + HELD_MARGIN_MS }),
      });
      return openExecution(parseExecution(answer, { id }), cipher);
    },
  };
}

/** What a held call may take beyond the time it asks to be held. */
const HELD_MARGIN_MS = 10_000;

function optionalLease(leaseMs: number | undefined): number | undefined {
  if (leaseMs === undefined) return undefined;
  return requireInteger("leaseMs", leaseMs, LIMITS.minLeaseMs, LIMITS.maxLeaseMs);
}

function requireExecutionId(id: unknown): string {
  if (isId("execution", id)) return id;
  throw invalidInput("id", "an execution id (exe_ and 26 characters), as claim() returns it");
}
