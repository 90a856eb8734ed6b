/** Who an API key belongs to, as the control plane knows it. */
export interface Identity {
  readonly project: { readonly id: string; readonly name: string };
  readonly agent: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
}

/** Reads the answer of `GET /v1/me`; `undefined` when it does not describe an agent. */
export function readIdentity(body: unknown): Identity | undefined {
  const { type, project, agent, scopes } = Object(body) as Record<string, unknown>;
  if (type !== "agent" || !isNamed(project) || !isNamed(agent)) return undefined;
  if (!Array.isArray(scopes)) return undefined;
  return {
    project: { id: project.id, name: project.name },
    agent: { id: agent.id, name: agent.name },
    scopes: scopes.map(String),
  };
}

function isNamed(value: unknown): value is { readonly id: string; readonly name: string } {
  const { id, name } = Object(value) as Record<string, unknown>;
  return typeof id === "string" && typeof name === "string";
}
