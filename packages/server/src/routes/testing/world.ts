import { Writable } from "node:stream";
import type { Problem, WireExecution, WireRequest } from "@holdpoint/protocol";
import type { WirePurchase } from "@holdpoint/protocol/spend";
import pino from "pino";
import { typeidUnboxed } from "typeid-js";
import { type ControlPlane, createControlPlane } from "../../control-plane.js";
import type { ControlPlaneOptions } from "../../options.js";
import { ManualClock } from "./clock.js";

export const MASTER_KEY = "p8Gd3mXq0cVbL2sYtRkWn5uHfJzA7eQi9oPxN1vTg4E";
export const ORIGIN = "http://localhost";

/** Everybody who could call, in two projects. Every value is an `Authorization` header. */
export interface Credentials {
  readonly agent: string;
  readonly otherAgent: string;
  readonly foreignAgent: string;
  readonly readOnlyAgent: string;
  readonly writeOnlyAgent: string;
  readonly revokedKey: string;
  readonly expiredKey: string;
  readonly viewer: string;
  readonly approver: string;
  readonly finance: string;
  readonly admin: string;
  readonly foreignAdmin: string;
  readonly removedOperator: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the wire says
  readonly body: any;
}

export interface CallOptions {
  readonly as?: keyof Credentials | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly signal?: AbortSignal;
}

/** A whole control plane in memory with people and agents in it. */
export class World implements AsyncDisposable {
  readonly controlPlane: ControlPlane;
  readonly clock: ManualClock;
  readonly logLines: readonly string[];
  projectId = "";
  foreignProjectId = "";
  adminId = "";
  credentials = {} as Credentials;

  private constructor(controlPlane: ControlPlane, clock: ManualClock, logLines: string[]) {
    this.controlPlane = controlPlane;
    this.clock = clock;
    this.logLines = logLines;
  }

  static async create(options: Partial<ControlPlaneOptions> = {}): Promise<World> {
    const clock = new ManualClock();
    const logLines: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        logLines.push(String(chunk));
        done();
      },
    });
    const controlPlane = await createControlPlane({
      storage: { kind: "memory" },
      masterKey: MASTER_KEY,
      clock,
      logger: pino(sink),
      rateLimits: false,
      allowLoopbackWebhooks: true,
      ...options,
    });
    const world = new World(controlPlane, clock, logLines);
    await world.populate();
    return world;
  }

  private async populate(): Promise<void> {
    const { admin } = this.controlPlane;
    const home = await admin.bootstrap({
      email: "ada@example.com",
      name: "Ada",
      projectName: "Home",
    });
    const abroad = await admin.bootstrap({
      email: "mallory@example.com",
      name: "Mallory",
      projectName: "Abroad",
    });
    this.projectId = home.projectId;
    this.foreignProjectId = abroad.projectId;
    this.adminId = home.operatorId;
    const keyOf = async (projectId: string, agent: string, scopes?: string[]) => {
      const made = await admin.createApiKey(projectId, {
        agent,
        ...(scopes && { scopes: scopes as [] }),
      });
      return `Bearer ${made.apiKey}`;
    };
    const tokenOf = async (projectId: string, operatorId: string) => {
      const made = await admin.createOperatorToken(projectId, operatorId, { name: "test" });
      return `Bearer ${made.token}`;
    };
    const credentials: Record<string, string> = {
      agent: await keyOf(home.projectId, "db-agent"),
      otherAgent: await keyOf(home.projectId, "mail-agent"),
      foreignAgent: await keyOf(abroad.projectId, "db-agent"),
      readOnlyAgent: await keyOf(home.projectId, "db-agent", ["requests:read"]),
      writeOnlyAgent: await keyOf(home.projectId, "db-agent", ["requests:write"]),
      admin: await tokenOf(home.projectId, home.operatorId),
      foreignAdmin: await tokenOf(abroad.projectId, abroad.operatorId),
    };
    this.credentials = credentials as unknown as Credentials;
    for (const role of ["viewer", "approver", "finance", "removed"]) {
      const operatorId = await this.invite(role === "removed" ? "approver" : role, role);
      const name = role === "removed" ? "removedOperator" : role;
      credentials[name] = await tokenOf(home.projectId, operatorId);
      if (role === "removed")
        await this.call("DELETE", `/v1/operators/${operatorId}`, { as: "admin" });
    }
    credentials.revokedKey = await this.makeKey({ agent: "db-agent" }, "revoke");
    credentials.expiredKey = await this.makeKey({ agent: "db-agent", expires_in_ms: 60_000 });
    this.clock.advance(60_000);
  }

  private async makeKey(body: object, then?: "revoke"): Promise<string> {
    const made = await this.call("POST", "/v1/api-keys", { as: "admin", body });
    if (then) await this.call("POST", `/v1/api-keys/${made.body.id}/revoke`, { as: "admin" });
    return `Bearer ${made.body.api_key}`;
  }

  /** Invites an operator and returns its id. */
  async invite(role: string, name = role): Promise<string> {
    const email = `${name}-${typeidUnboxed("usr")}@example.com`;
    const { body } = await this.call("POST", "/v1/operators", {
      as: "admin",
      body: { email, name, roles: [role] },
    });
    return body.id;
  }

  /** Calls the API. A body is sent as JSON; the answer is read as JSON where it is. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
    const response = await this.fetch(method, path, options);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  }

  fetch(method: string, path: string, options: CallOptions = {}): Promise<Response> {
    const { as, body, rawBody = body === undefined ? undefined : JSON.stringify(body) } = options;
    const headers: Record<string, string> = {
      ...(as && { authorization: this.credentials[as] }),
      ...(rawBody !== undefined && { "content-type": "application/json" }),
      ...options.headers,
    };
    const { signal } = options;
    return this.controlPlane.fetch(
      new Request(`${ORIGIN}${path}`, {
        method,
        headers,
        ...(rawBody !== undefined && { body: rawBody }),
        ...(signal && { signal }),
      }),
    );
  }

  /** Makes a request as the agent and returns it. */
  async ask(fields: object = {}): Promise<WireRequest> {
    const reply = await this.call("POST", "/v1/requests", {
      as: "agent",
      body: newRequest(fields),
    });
    if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
    return reply.body;
  }

  /** A request that a person has approved, with its grant. */
  async askApproved(fields: object = {}): Promise<WireRequest> {
    const { id } = await this.ask(fields);
    const reply = await this.decide(id, { decision: "approve", revision: 1 });
    if (reply.status !== 200) throw new Error(`Expected 200, got ${reply.status}`);
    return reply.body;
  }

  /** Asks to spend money as the agent and returns the purchase. */
  async buy(fields: object = {}): Promise<WirePurchase> {
    const body = newPurchase(fields);
    const reply = await this.call("POST", "/v1/purchases", { as: "agent", body });
    if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
    return reply.body;
  }

  /** A purchase that a person has approved. */
  async buyApproved(fields: object = {}): Promise<WirePurchase> {
    const { id } = await this.buy(fields);
    await this.decide(id, { decision: "approve", revision: 1 });
    return (await this.call("GET", `/v1/purchases/${id}`, { as: "agent" })).body;
  }

  /** Claims the grant of a request, or of a new one, as the agent. */
  async claim(request?: WireRequest, fields: object = {}): Promise<WireExecution> {
    const { id, grant } = request ?? (await this.askApproved());
    const body = {
      id: typeidUnboxed("exe"),
      grant_id: grant?.id,
      approved_digest: grant?.approved_digest,
      ...fields,
    };
    const reply = await this.call("POST", `/v1/requests/${id}/executions`, { as: "agent", body });
    if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
    return reply.body;
  }

  /** Makes a state as the agent and returns where its bytes go, as a path. */
  async reserve(fields: object = {}): Promise<string> {
    const { body } = await this.call("POST", "/v1/states", { as: "agent", body: newState(fields) });
    return pathOf(body.upload_url);
  }

  /** Parks bytes as the agent. */
  async park(bytes = "encrypted"): Promise<{ readonly id: string; readonly path: string }> {
    const { id } = newState();
    await this.call("PUT", await this.reserve({ id }), { rawBody: bytes });
    const { body } = await this.call("GET", `/v1/states/${id}`, { as: "agent" });
    return { id, path: pathOf(body.download_url) };
  }

  /** Puts a policy in force in the home project. */
  async setPolicy(text: string): Promise<void> {
    const { body } = await this.call("GET", "/v1/policies?limit=1", { as: "admin" });
    const policy = { text, base_revision: body.data[0]?.revision ?? 0 };
    const reply = await this.call("PUT", "/v1/policies", { as: "admin", body: policy });
    if (reply.status >= 300) throw new Error(`Expected a policy, got ${reply.status}`);
  }

  decide(id: string, body: object, as: keyof Credentials = "admin"): Promise<Reply> {
    return this.call("POST", `/v1/requests/${id}/decision`, { as, body });
  }

  /** Signs an operator in and returns the `Cookie` header. */
  async signIn(operatorId = this.adminId): Promise<string> {
    const { url } = await this.controlPlane.admin.createSignInLink(operatorId);
    const reply = await this.call("GET", `/auth/magic-link/verify?${new URL(url).hash.slice(1)}`);
    return reply.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";", 1)[0])
      .join("; ");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.controlPlane.close();
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/** The body of a new state. */
export function newState(fields: object = {}): { readonly id: string; readonly key: string } {
  return { id: typeidUnboxed("sta"), key: Buffer.alloc(32, 7).toString("base64url"), ...fields };
}

/** The body that puts one record. */
export function newRecords(fields: object = {}) {
  return { records: [{ key: "thread-7/0042", value: { step: 42 }, ...fields }] };
}

/** The body that tells of one call. */
export function newObservations(fields: object = {}) {
  const observation = {
    id: typeidUnboxed("obs"),
    service: "db-agent",
    action: "list_tables",
    observed_at: "2026-11-22T09:30:00.000Z",
    ...fields,
  };
  return { observations: [observation] };
}

/** The manifest of a new action. */
export function newAction(fields: object = {}) {
  return {
    id: typeidUnboxed("act"),
    version: "1.0.0",
    title: "Create a ticket",
    description: "Creates a ticket in the help desk.",
    risk: "medium",
    parameters: {
      type: "object",
      properties: { subject: { type: "string" } },
      required: ["subject"],
      additionalProperties: false,
    },
    provider: {
      type: "http",
      method: "POST",
      url: "https://desk.example.com/tickets",
      body: { subject: "{subject}" },
    },
    egress: { domains: ["desk.example.com"] },
    secrets: [{ name: "API_TOKEN", header: "Authorization", prefix: "Bearer " }],
    verification: { type: "status", statuses: [201] },
    ...fields,
  };
}

/** The body of a new request. */
export function newRequest(fields: object = {}) {
  return {
    id: typeidUnboxed("req"),
    service: "db-agent",
    action: "run_sql",
    payload: { sql: "DROP TABLE customers", limit: 5 },
    ...fields,
  };
}

/** The body of a new purchase. */
export function newPurchase(fields: object = {}) {
  return {
    id: typeidUnboxed("req"),
    amount: { amount_minor: 1250, currency: "EUR" },
    category: "software",
    merchant_name: "Example Hosting",
    payee: "hosting.example",
    details: { description: "One month of the small plan" },
    ...fields,
  };
}

/** The code of a problem, or `undefined` for an answer. */
export function codeOf(reply: Reply): Problem["code"] | undefined {
  return reply.status >= 400 ? (reply.body as Problem).code : undefined;
}
