import type { WireAgentDetails } from "@holdpoint/protocol/gate";
import type { OperatorClient } from "../../api/client.js";

export async function readAgent(client: OperatorClient, id: string): Promise<WireAgentDetails> {
  const { agentDetailsSchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireAgentDetails>({ path: `/v1/agents/${id}` }, agentDetailsSchema);
}
