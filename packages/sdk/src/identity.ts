import { isJsonObject } from "@holdpoint/protocol";
import type { CallOptions } from "./requests/options.js";
import { invalidResponse } from "./requests/wire.js";
import type { Transport } from "./transport/transport.js";

/** Who an API key belongs to, as the control plane knows it. */
export interface Identity {
  readonly project: { readonly id: string; readonly name: string };
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
}

/** Reads `GET /v1/me`. */
export async function fetchIdentity(
  transport: Transport,
  { signal }: CallOptions,
): Promise<Identity> {
  const body = await transport.call({ method: "GET", path: "/v1/me", signal });
  const { type, project, agent, scopes } = isJsonObject(body) ? body : {};
  if (type !== "agent" || !isNamed(project) || !isNamed(agent) || !Array.isArray(scopes)) {
    throw invalidResponse("Expected the identity of an agent");
  }
  return {
    project: { id: project.id, name: project.name },
    agent: { id: agent.id, name: agent.name },
    scopes: scopes.map(String),
  };
}

function isNamed(value: unknown): value is { readonly id: string; readonly name: string } {
  return isJsonObject(value) && typeof value.id === "string" && typeof value.name === "string";
}
