import { createHash } from "node:crypto";
import {
  canonicalJson,
  formatApiKey,
  isApprovedStatus,
  type WireRequest,
} from "@holdpoint/protocol";

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
