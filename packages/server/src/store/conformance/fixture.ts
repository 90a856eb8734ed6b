import { randomBytes } from "node:crypto";
import { typeidUnboxed } from "typeid-js";
import type { NewRequest, Resolution } from "../../domain/request.js";
import type { Operator, RequestQuery, Store } from "../store.js";

/** The moment at which everything in these tests begins: 2026-01-01T00:00:00Z. */
export const NOW = 1_767_225_600_000;
export const HOUR = 3_600_000;

export function createMasterKey(): string {
  return randomBytes(32).toString("base64url");
}

export function makeOperator(email = `${typeidUnboxed("usr")}@example.com`): Operator {
  return { id: typeidUnboxed("usr"), email, name: "Ada", createdAt: NOW };
}

/** A project with its admin and one agent. */
export interface Tenant {
  readonly projectId: string;
  readonly admin: Operator;
  readonly agent: { readonly id: string; readonly name: string };
  readonly keyHash: string;
  /** A request of this tenant about to be made; each has its own id. */
  draft(overrides?: Partial<NewRequest>): NewRequest;
}

export async function createTenant(store: Store, name = "Payments"): Promise<Tenant> {
  const projectId = typeidUnboxed("prj");
  const admin = await store.operators.ensure(makeOperator());
  await store.projects.create({ id: projectId, name, createdAt: NOW }, admin.id);
  const keyHash = randomBytes(32).toString("hex");
  const key = await store.apiKeys.create(makeApiKey(projectId, keyHash));
  const draft = (overrides: Partial<NewRequest> = {}): NewRequest => ({
    id: typeidUnboxed("req"),
    projectId,
    agent: key.agent,
    service: "billing",
    action: "refund",
    priority: "medium",
    encrypted: false,
    payload: { amount_minor: 1250, currency: "EUR" },
    createdAt: NOW,
    expiresAt: NOW + HOUR,
    metadata: {},
    digest: "0".repeat(64),
    ...overrides,
  });
  return { projectId, admin, agent: key.agent, keyHash, draft };
}

export function makeApiKey(projectId: string, secretHash: string, agentName = "refund-bot") {
  return {
    id: typeidUnboxed("key"),
    projectId,
    hint: "hp_01jz0000",
    scopes: ["requests:read", "requests:write"] as const,
    createdAt: NOW,
    secretHash,
    agentName,
    newAgentId: typeidUnboxed("agt"),
  };
}

export function approval(tenant: Tenant, overrides: Partial<Resolution> = {}): Resolution {
  const { id, name } = tenant.admin;
  return {
    status: "APPROVED",
    decidedBy: { type: "operator", id, name },
    at: NOW + 1_000,
    ...overrides,
  };
}

export function newest(overrides: Partial<RequestQuery> = {}): RequestQuery {
  return { order: "newest", includePayload: false, limit: 100, ...overrides };
}
