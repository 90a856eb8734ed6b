import { createHash } from "node:crypto";
import {
  canonicalJson,
  formatApiKey,
  isApprovedStatus,
  type WireRequest,
} from "@holdpoint/protocol";
import type { WirePurchase } from "@holdpoint/protocol/spend";

export const PROJECT_ID = "prj_01h455vb4pex5vsknk084sn02q";
export const API_KEY = formatApiKey(PROJECT_ID, "s".repeat(43));
export const BASE_URL = "http://control-plane.test";
export const REQUEST_ID = "req_01h455vb4pex5vsknk084sn02q";
/** Two keys of 32 bytes. */
export const KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
export const OTHER_KEY = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA";

/** A pending request as the control plane answers it. */
export function wireRequest(overrides: Partial<WireRequest> = {}): WireRequest {
  return {
    id: REQUEST_ID,
    project_id: PROJECT_ID,
    service: "billing",
    action: "refund",
    status: "PENDING",
    priority: "medium",
    encrypted: false,
    payload: { amount: 500 },
    agent: { id: "agt_01h455vb4pex5vsknk084sn02q", name: "bot" },
    created_at: "2026-11-22T09:30:00.000Z",
    expires_at: "2026-11-23T09:30:00.000Z",
    execution: { status: "NONE" },
    revision: 1,
    metadata: {},
    url: `${BASE_URL}/requests/${REQUEST_ID}`,
    ...overrides,
  };
}

/** The same after a person's answer. */
export function decidedRequest(
  status: WireRequest["status"],
  overrides: Partial<WireRequest> = {},
): WireRequest {
  return withGrant(
    wireRequest({
      status,
      revision: 2,
      decided_by: { type: "operator", id: "usr_01h455vb4pex5vsknk084sn02q", name: "Ada" },
      resolved_at: "2026-11-22T09:31:00.000Z",
      receipt_id: "rcp_01h455vb4pex5vsknk084sn02q",
      ...overrides,
    }),
  );
}

/** An approval's grant, for what it carries now. */
export function withGrant(request: WireRequest): WireRequest {
  if (!isApprovedStatus(request.status) || request.grant !== undefined) return request;
  const approved = canonicalJson(request.patched_payload ?? request.payload);
  const grant = {
    id: "gnt_01h455vb4pex5vsknk084sn02q",
    revision: request.revision,
    approved_digest: `sha256:${createHash("sha256").update(approved).digest("hex")}`,
    expires_at: "2026-11-29T09:31:00.000Z",
  };
  return { ...request, grant };
}

/** An error as the control plane answers it. */
export function problem(status: number, code: string, more: object = {}): Response {
  const body = { type: "about:blank", title: "Title", status, detail: "Detail.", code, ...more };
  return Response.json(body, { status, headers: { "x-trace-id": "trace-1" } });
}

const POLICY = { type: "policy", id: "spend-policy" } as const;
const PERSON = { type: "operator", id: "usr_01h455vb4pex5vsknk084sn02q", name: "Ada" } as const;
const PASSED = {
  rule: "per_request_limit",
  scope: "agent",
  result: "pass",
  detail: "12.50 of 100.00 EUR",
} as const;

/** A purchase as the control plane answers it: 12.50 EUR, held. */
export function wirePurchase(
  status: WirePurchase["status"] = "pending",
  overrides: Partial<WirePurchase> = {},
): WirePurchase {
  const by = { auto_approved: POLICY, approved: PERSON, completed: PERSON, rejected: PERSON };
  const decided_by = Object.hasOwn(by, status) ? by[status as keyof typeof by] : undefined;
  const isHeld = status === "pending" || status === "auto_approved" || status === "approved";
  return {
    id: REQUEST_ID,
    project_id: PROJECT_ID,
    agent: { id: "agt_01h455vb4pex5vsknk084sn02q", name: "bot" },
    status,
    hold: isHeld ? "HELD" : status === "completed" ? "SETTLED" : "RELEASED",
    amount: { amount_minor: 1250, currency: "EUR" },
    category: "cloud",
    encrypted: false,
    policy_check: { passed: true, checks: [PASSED] },
    budget_remaining: { amount_minor: 8750, currency: "EUR" },
    created_at: "2026-11-22T09:30:00.000Z",
    ...(status === "pending" && { expires_at: "2026-11-22T10:00:00.000Z" }),
    ...(decided_by && { decided_by }),
    url: `${BASE_URL}/requests/${REQUEST_ID}`,
    ...overrides,
  };
}
