import { type JsonObject, LIMITS } from "@holdpoint/protocol";
import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import { typeidUnboxed } from "typeid-js";
import type { CallerLease } from "../../domain/caller.js";
import { digestOf, digestTextOf } from "../../domain/digest.js";
import type {
  ApprovedCall,
  CallCost,
  CallEnding,
  CallStart,
  GateCall,
  NewGateCall,
} from "../../domain/gate/call.js";
import type { Resolution } from "../../domain/request.js";
import type { Store } from "../store.js";
import type { AgentLimits } from "../verbs/identities.js";
import type { NewLease } from "../verbs/leases.js";
import { createTenant, NOW, type Tenant } from "./fixture.js";

export const ACTION = { id: "refund", version: "1.0.0", digest: digestTextOf({ id: "refund" }) };
export const PARAMETERS: JsonObject = { charge: "ch_1", amount: 250 };
export const VERIFIED = { status: "verified" } as const;

/** An agent with a lease, and the people of its project. Calls go to each replica in turn. */
export class GateAgent {
  readonly tenant: Tenant;
  lease: CallerLease;
  readonly #stores: readonly Store[];
  #calls = 0;

  private constructor(stores: readonly Store[], tenant: Tenant) {
    this.#stores = stores;
    this.tenant = tenant;
    this.lease = { id: "", sessionId: "", epoch: 0, expiresAt: 0, keyThumbprint: "" };
  }

  static async create(
    stores: readonly Store[],
    limits: {
      readonly maxCalls?: number;
      readonly maxCost?: number;
      readonly currency?: string;
    } = {},
  ): Promise<GateAgent> {
    const [store] = stores;
    if (store === undefined) throw new Error("Expected a store.");
    const agent = new GateAgent(stores, await createTenant(store));
    await agent.connect(limits);
    return agent;
  }

  get store(): Store {
    this.#calls += 1;
    return this.#stores[this.#calls % this.#stores.length] as Store;
  }

  get actor() {
    const { id, name } = this.tenant.admin;
    return { type: "operator", id, name } as const;
  }

  /** Gets a lease of a new session. */
  async connect(
    limits: {
      readonly maxCalls?: number;
      readonly maxCost?: number;
      readonly currency?: string;
    } = {},
  ): Promise<void> {
    const { projectId, agent } = this.tenant;
    const lease: NewLease = {
      id: typeidUnboxed("lse"),
      eventId: typeidUnboxed("evt"),
      projectId,
      agent,
      credentialId: typeidUnboxed("key"),
      keyThumbprint: "thumbprint",
      issuedAt: NOW,
      expiresAt: NOW + 300_000,
      issuer: "http://localhost",
      session: { id: typeidUnboxed("gss"), scopes: ["gate"], ...limits },
    };
    const issued = await this.store.leases.issue(lease);
    if (issued.outcome !== "issued") throw new Error(`Expected a lease, got ${issued.outcome}.`);
    const { id, session, epoch, expiresAt, keyThumbprint } = issued.lease;
    this.lease = { id, sessionId: session.id, epoch, expiresAt, keyThumbprint };
  }

  /** A call that policy lets through; `{ kind: "hold" }` for one that a person decides. */
  draft(
    overrides: Partial<Pick<NewGateCall, "cost" | "verdict">> & { id?: string } = {},
  ): NewGateCall {
    const { id = typeidUnboxed("req"), ...rest } = overrides;
    const { projectId, agent } = this.tenant;
    return {
      request: {
        id,
        projectId,
        agent,
        service: GATE_SERVICE,
        action: ACTION.id,
        priority: "medium",
        encrypted: false,
        payload: PARAMETERS,
        createdAt: NOW,
        expiresAt: NOW + 3_600_000,
        metadata: {},
        digest: digestOf(PARAMETERS),
        payloadDigest: digestTextOf(PARAMETERS),
        policy: { revision: 1, verdict: "allow", policies: ["small"] },
      },
      action: ACTION,
      lease: this.lease,
      verdict: {
        kind: "run",
        decidedBy: { type: "policy", id: "policy", name: "small" },
        approvedDigest: digestTextOf(PARAMETERS),
        grant: { id: typeidUnboxed("gnt"), expiresAt: NOW + LIMITS.grantMs },
        start: this.start(),
      },
      ...rest,
    };
  }

  start(overrides: Partial<CallStart> = {}): CallStart {
    return {
      executionId: typeidUnboxed("exe"),
      idempotent: false,
      at: NOW,
      leaseExpiresAt: NOW + 40_000,
      ...overrides,
    };
  }

  create(overrides: Parameters<GateAgent["draft"]>[0] = {}) {
    return this.store.gateCalls.create(this.draft(overrides));
  }

  /** A call under way. */
  async run(overrides: Parameters<GateAgent["draft"]>[0] = {}): Promise<GateCall> {
    const made = await this.create(overrides);
    if (made.outcome !== "created") throw new Error(`Expected a call, got ${made.outcome}.`);
    return made.call;
  }

  /** A call that a person has approved, as it may be begun. */
  async approved(cost?: CallCost, resolution: Partial<Resolution> = {}): Promise<ApprovedCall> {
    const { request } = await this.run({ verdict: { kind: "hold" }, ...(cost && { cost }) });
    const approvedDigest = digestTextOf(PARAMETERS);
    const grant = { id: typeidUnboxed("gnt"), expiresAt: NOW + LIMITS.grantMs };
    const resolved = await this.store.requests.resolve(request.projectId, request.id, 1, {
      status: "APPROVED",
      decidedBy: this.actor,
      at: NOW + 1_000,
      approvedDigest,
      grant,
      ...resolution,
    });
    if (resolved?.outcome !== "resolved") throw new Error("Expected an approval.");
    return this.approvedCall(request.id, grant.id, cost);
  }

  approvedCall(requestId: string, grantId: string, cost?: CallCost): ApprovedCall {
    return {
      projectId: this.tenant.projectId,
      requestId,
      agent: this.tenant.agent,
      lease: this.lease,
      grantId,
      approvedDigest: digestTextOf(PARAMETERS),
      start: this.start(),
      ...(cost && { cost }),
    };
  }

  settle(
    { request, execution }: Pick<GateCall, "request" | "execution">,
    overrides: Partial<CallEnding> = {},
  ) {
    return this.store.gateCalls.settle({
      projectId: request.projectId,
      requestId: request.id,
      executionId: execution?.id ?? "",
      fencingToken: execution?.fencingToken ?? 0,
      at: NOW + 2_000,
      settledBy: { type: "agent", ...this.tenant.agent },
      outcome: { status: "COMMITTED", result: { id: "re_1" }, verification: VERIFIED },
      isUnsent: false,
      ...overrides,
    });
  }

  async freeze(frozen = true) {
    return this.store.authority.set({
      projectId: this.tenant.projectId,
      frozen,
      eventId: typeidUnboxed("evt"),
      at: NOW,
      actor: this.actor,
    });
  }

  /** Calls and cost of the session, as they are drawn. */
  async drawn(): Promise<readonly [number, number]> {
    const { projectId, agent } = this.tenant;
    const session = await this.store.leases.findSession(projectId, agent.id, this.lease.sessionId);
    if (session === undefined) throw new Error("Expected a session.");
    return [session.calls, session.cost];
  }

  /** Calls and cost of the agent's day. */
  async usedToday(currency = "EUR"): Promise<readonly [number, number]> {
    const { id } = this.tenant.agent;
    const day = Math.floor(NOW / 86_400_000);
    const { calls, cost } = await this.store.agentLimits.usedOn(id, day, currency);
    return [calls, cost?.amountMinor ?? 0];
  }

  /** The most this agent may call in a day. */
  async limit(limits: AgentLimits): Promise<void> {
    const { projectId, agent } = this.tenant;
    const change = { ...limits, eventId: typeidUnboxed("evt"), at: NOW, actor: this.actor };
    await this.store.agentLimits.set(projectId, agent.id, change);
  }

  find(requestId: string) {
    return this.store.gateCalls.find(this.tenant.projectId, requestId);
  }

  async eventsOf(requestId: string): Promise<readonly string[]> {
    const events = await this.store.events.listForRequest(this.tenant.projectId, requestId);
    return events.map(({ type }) => type);
  }
}
