import type { WireList, WireRequest } from "@holdpoint/protocol";
import { Holdpoint, type HoldpointOptions } from "@holdpoint/sdk";
import { type ControlPlaneOptions, createControlPlane } from "@holdpoint/server";

/** A real control plane in this process, as its operator and its agents use it. */
export interface Plane extends AsyncDisposable {
  readonly fetch: typeof globalThis.fetch;
  /** Makes an agent. */
  connect(agent: string): Promise<AgentCredential>;
  /** Calls a path as the operator. @throws {Error} for any answer but success. */
  operate<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  /** The items of a list, likewise. */
  list<Item>(path: string): Promise<readonly Item[]>;
  /** What waits for a person. */
  pending(): Promise<readonly WireRequest[]>;
  decide(id: string, decision: object): Promise<void>;
}

export interface AgentCredential {
  readonly apiKey: string;
  client(options?: HoldpointOptions): Holdpoint;
}

/** @param url - Where clients take it to be. */
export async function createPlane(
  url: string,
  options: Partial<ControlPlaneOptions> = {},
): Promise<Plane> {
  const plane = await createControlPlane({
    storage: { kind: "memory" },
    masterKey: Buffer.alloc(32, 3).toString("base64url"),
    rateLimits: false,
    logger: { info() {}, warn() {}, error() {} },
    ...options,
  });
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "ada@example.com",
    name: "Ada Lovelace",
    projectName: "Acme",
  });
  const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
  const fetch: Plane["fetch"] = async (input, init) => plane.fetch(new Request(input, init));
  const operate: Plane["operate"] = async <Answer>(method: string, path: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const list: Plane["list"] = async <Item>(path: string) =>
    (await operate<WireList<Item>>("GET", path)).data;
  return {
    fetch,
    async connect(agent) {
      const { apiKey } = await plane.admin.createApiKey(projectId, { agent });
      const client: AgentCredential["client"] = (given) =>
        new Holdpoint({ apiKey, baseUrl: url, fetch, ...given });
      return { apiKey, client };
    },
    operate,
    list,
    pending: () => list<WireRequest>("/v1/requests?status=PENDING"),
    async decide(id, decision) {
      const { revision } = await operate<WireRequest>("GET", `/v1/requests/${id}`);
      await operate("POST", `/v1/requests/${id}/decision`, { revision, ...decision });
    },
    [Symbol.asyncDispose]: () => plane.close(),
  };
}
