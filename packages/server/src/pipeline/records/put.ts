import { isEnvelope, LIMITS } from "@holdpoint/protocol";
import type { putRecordsSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { assertEnvelope, unmarkedEnvelope } from "../../domain/envelope.js";
import { assertPayloadSize } from "../../domain/payload.js";

export type PutRecordsInput = z.output<typeof putRecordsSchema>;

/**
 * Keeps what an agent puts, all of it or nothing.
 *
 * @throws {ProblemError} `ENVELOPE_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export async function putRecords(
  { store, clock }: Context,
  { projectId, agent }: AgentCaller,
  { records }: PutRecordsInput,
): Promise<void> {
  for (const [index, record] of records.entries()) {
    assertUsable(record, projectId, `/records/${index}`);
  }
  const entries = records.map(({ key, value, encrypted = false, if_absent: ifAbsent = false }) => ({
    key,
    value,
    encrypted,
    ifAbsent,
  }));
  await store.records.put({ projectId, agentId: agent.id }, entries, clock.now());
}

function assertUsable(
  { key, value, encrypted }: PutRecordsInput["records"][number],
  projectId: string,
  path: string,
): void {
  if (encrypted) {
    assertEnvelope(value, { id: key, projectId }, "record", `${path}/value`);
  } else {
    if (isEnvelope(value)) throw unmarkedEnvelope("value", `${path}/encrypted`);
    assertPayloadSize(value, `${path}/value`, LIMITS.recordBytes);
  }
}
