import type { WireAgent, WireList } from "@holdpoint/protocol";
import { CommandFailure } from "../failure.js";
import { printableLine } from "../output/text.js";
import type { OperatorClient } from "./client.js";

/**
 * The agent of this name, or of this id.
 *
 * @throws {CommandFailure} `notFound`, naming those there are.
 */
export async function findAgent(client: OperatorClient, nameOrId: string): Promise<WireAgent> {
  const { agentSchema, listSchema } = await import("@holdpoint/protocol/schemas");
  const { data } = await client.call<WireList<WireAgent>>(
    { path: "/v1/agents" },
    listSchema(agentSchema),
  );
  const agent = data.find(({ id, name }) => name === nameOrId || id === nameOrId);
  if (agent !== undefined) return agent;
  const names = data.map(({ name }) => printableLine(name, 40)).join(", ");
  throw new CommandFailure({
    reason: "notFound",
    message: `No agent is called ${printableLine(nameOrId, 60)}. There is: ${names || "none yet"}.`,
    next: "holdpoint keys create --agent <name>   (makes the agent with its first key)",
  });
}
