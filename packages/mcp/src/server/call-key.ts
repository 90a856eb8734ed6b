import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** What makes a question the same question. */
export interface CallSubject {
  readonly service: string;
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly role?: string | undefined;
}

/** A digest of the question, the same whatever the order of the payload's members. */
export function digestCall({ service, action, payload, role }: CallSubject): string {
  return digest(["holdpoint.mcp.call.v1", service, action, role ?? null, payload]);
}

/**
 * The key of a question within a run: the same in every process that knows the run. The client
 * hashes it further, under the encryption key where there is one, before anything leaves.
 */
export function keyInRun(runId: string, callDigest: string): string {
  return `mcp-run:${digest(["holdpoint.mcp.run.v1", runId, callDigest])}`;
}

function digest(value: unknown): string {
  return createHash("sha256")
    .update(canonicalize(value) ?? "")
    .digest("hex");
}
