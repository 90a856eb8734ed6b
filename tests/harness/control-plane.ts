import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Problem, WireDecision, WireRequest } from "@holdpoint/protocol";
import { Holdpoint, type HoldpointOptions } from "@holdpoint/sdk";
import { type ControlPlane, type ControlPlaneOptions, createControlPlane } from "@holdpoint/server";

const dashboardDirectory = fileURLToPath(new URL("../../packages/dashboard/dist", import.meta.url));

type OperatorDecision =
  | Omit<Extract<WireDecision, { decision: "approve" }>, "revision">
  | Omit<Extract<WireDecision, { decision: "reject" }>, "revision">;

/** A control plane on a real port, with a project, an admin and an agent. */
export interface ServedControlPlane extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly url: string;
  readonly projectId: string;
  readonly operatorId: string;
  readonly apiKey: string;
  readonly operatorToken: string;
  /** Every line it has logged. */
  readonly log: readonly string[];
  client(options?: HoldpointOptions): Holdpoint;
  /** Calls a path as the operator. */
  operate(path: string, init?: RequestInit): Promise<Response>;
  /** Decides on revision 1. @throws {RefusedError} */
  decide(id: string, decision: OperatorDecision): Promise<WireRequest>;
  signInLink(): Promise<string>;
}

export async function serveControlPlane(
  options: Partial<ControlPlaneOptions> & {
    readonly dashboard?: boolean;
    /** Listens there too. */
    readonly socketPath?: string;
  } = {},
): Promise<ServedControlPlane> {
  const { dashboard = false, socketPath, ...given } = options;
  if (dashboard) await requireDashboard();
  const log: string[] = [];
  const plane = await createControlPlane({
    storage: { kind: "memory" },
    masterKey: Buffer.alloc(32, 3).toString("base64url"),
    rateLimits: false,
    logger: createMemoryLogger(log),
    ...(dashboard && { dashboardDirectory }),
    ...given,
  });
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "ada@example.com",
    name: "Ada Lovelace",
    projectName: "Acme",
  });
  const { url } = await plane.start({
    port: 0,
    hostname: "127.0.0.1",
    ...(socketPath !== undefined && { socketPath }),
  });
  const { apiKey } = await plane.admin.createApiKey(projectId, { agent: "billing-bot" });
  const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
  const operate = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
  return {
    plane,
    url,
    projectId,
    operatorId,
    apiKey,
    operatorToken: token,
    log,
    client: (clientOptions) => new Holdpoint({ apiKey, baseUrl: url, ...clientOptions }),
    operate,
    async decide(id, decision) {
      const body = JSON.stringify({ revision: 1, ...decision });
      const response = await operate(`/v1/requests/${id}/decision`, { method: "POST", body });
      const answer = (await response.json()) as WireRequest | Problem;
      if (!response.ok) throw new RefusedError(answer as Problem);
      return answer as WireRequest;
    },
    signInLink: async () => (await plane.admin.createSignInLink(operatorId)).url,
    [Symbol.asyncDispose]: () => plane.close(),
  };
}

/** The control plane refused what an operator wanted. */
export class RefusedError extends Error {
  override readonly name = "RefusedError" as const;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

function createMemoryLogger(log: string[]) {
  const write = (fields: object, message: string) => {
    log.push(JSON.stringify({ message, ...fields }, (_key, value: unknown) => describe(value)));
  };
  return { info: write, warn: write, error: write };
}

/** Errors have no enumerable members; their text is what could tell a secret. */
function describe(value: unknown): unknown {
  return value instanceof Error ? { stack: value.stack, ...value, cause: value.cause } : value;
}

async function requireDashboard(): Promise<void> {
  await access(`${dashboardDirectory}/index.html`).catch(() => {
    throw new Error(
      "The dashboard is not built. Run: npx turbo run build:js --filter=@holdpoint/dashboard",
    );
  });
}
