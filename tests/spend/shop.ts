import { createControlPlane } from "@holdpoint/server";
import { StandingClock } from "../harness/clock.js";
import { Buyer, sendAs, Treasurer } from "./money.js";

const PUBLIC_URL = "http://localhost:4747";

/** A control plane in this process, whose clock stands still, with one agent and one admin. */
export interface Shop extends AsyncDisposable {
  readonly clock: StandingClock;
  readonly buyer: Buyer;
  readonly treasurer: Treasurer;
  readonly projectId: string;
  readonly fetch: typeof globalThis.fetch;
  hire(name: string): Promise<Buyer>;
  /** Another admin or approver, as `roles` say. */
  invite(name: string, roles: readonly string[]): Promise<Treasurer>;
  /** Another project of the same admin. */
  openBranch(
    name: string,
  ): Promise<{ readonly buyer: Buyer; readonly treasurer: Treasurer; readonly projectId: string }>;
  /** The admin signed in, who reaches every project; a token reaches one only. */
  signIn(): Promise<Treasurer>;
}

/**
 * @param options.path - Of a database file, to look into it from outside. Default: in memory.
 * @param options.startsAt - Default a Wednesday at noon.
 */
export async function openShop({
  path,
  startsAt = "2026-03-11T12:00:00Z",
}: {
  readonly path?: string;
  readonly startsAt?: string;
} = {}): Promise<Shop> {
  const clock = new StandingClock(startsAt);
  const plane = await createControlPlane({
    storage: path === undefined ? { kind: "memory" } : { kind: "sqlite", path },
    masterKey: Buffer.alloc(32, 5).toString("base64url"),
    publicUrl: PUBLIC_URL,
    rateLimits: false,
    clock,
    logger: { info() {}, warn() {}, error() {} },
  });
  const fetch = ((request: Request) => plane.fetch(request)) as typeof globalThis.fetch;
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "ada@example.com",
    name: "Ada Lovelace",
    projectName: "Acme",
  });
  const hireFor = async (project: string, name: string) => {
    const { apiKey, agent } = await plane.admin.createApiKey(project, { agent: name });
    return new Buyer(agent.id, sendAs(fetch, PUBLIC_URL, apiKey));
  };
  const employ = async (project: string, operator: string) => {
    const { token } = await plane.admin.createOperatorToken(project, operator, { name: "test" });
    return new Treasurer(sendAs(fetch, PUBLIC_URL, token));
  };
  const treasurer = await employ(projectId, operatorId);
  return {
    clock,
    projectId,
    fetch,
    treasurer,
    buyer: await hireFor(projectId, "buyer"),
    hire: (name) => hireFor(projectId, name),
    async invite(name, roles) {
      const body = { email: `${name.toLowerCase()}@example.com`, name, roles };
      const { body: operator } = await treasurer.send("POST", "/v1/operators", body);
      return employ(projectId, (operator as { id: string }).id);
    },
    async openBranch(name) {
      const { body } = await treasurer.send("POST", "/v1/projects", { name });
      const branch = (body as { id: string }).id;
      return {
        projectId: branch,
        buyer: await hireFor(branch, "buyer"),
        treasurer: await employ(branch, operatorId),
      };
    },
    async signIn() {
      const { url } = await plane.admin.createSignInLink(operatorId);
      const path = `/auth/magic-link/verify?${new URL(url).hash.slice(1)}`;
      const signedIn = await plane.fetch(new Request(`${PUBLIC_URL}${path}`));
      const cookies = signedIn.headers.getSetCookie().map((each) => each.split(";", 1)[0]);
      const headers = {
        cookie: cookies.join("; "),
        origin: PUBLIC_URL,
        "holdpoint-project": projectId,
        "content-type": "application/json",
      };
      return new Treasurer(async (method, to, body) => {
        const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
        const response = await plane.fetch(new Request(`${PUBLIC_URL}${to}`, init));
        return { status: response.status, body: await response.json() };
      });
    },
    [Symbol.asyncDispose]: () => plane.close(),
  };
}
