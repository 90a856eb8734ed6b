import { resolveAddress } from "../options.js";
import type { AgentWorkspace, CreateAgentWorkspaceOptions } from "./options.js";

/**
 * Enrols an agent by a key of its own, drawn here: nobody else ever has it, and there is no secret that
 * two would share. Pass what it returns as `agentKey`.
 *
 * Keep it as JSON in a file of mode 0600, or among your platform's secrets: who has it acts as this
 * agent until an operator revokes `identityId`. The code is used up by it; when the answer is lost, ask
 * for another.
 *
 * @throws {AuthenticationError} `ENROLMENT_INVALID`: the code is unknown, used up or too old.
 * @throws {ConnectionError} The control plane could not be reached.
 */
export async function createAgentWorkspace(
  options: CreateAgentWorkspaceOptions,
): Promise<AgentWorkspace> {
  const address = resolveAddress(options);
  const { enrol } = await import("./index.js");
  return enrol(
    { ...address, maxRetries: 3, timeoutMs: 30_000, signal: options.signal },
    options.code,
  );
}
