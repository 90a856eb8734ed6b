import type { WireCreateLease, WireGateApproval, WireGateResult } from "@holdpoint/protocol/gate";
import { digestText, proofUrlOf } from "@holdpoint/protocol/gate";
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, type JWTPayload, jwtVerify } from "jose";
import { BASE_URL, PROJECT_ID, problem, REQUEST_ID } from "./fixtures.js";

const ID = "01h455vb4pex5vsknk084sn02";
export const AGENT = { id: `agt_${ID}q`, name: "bot" };
export const RECEIPT_ID = `rcp_${ID}q`;

/** A lease as it was asked for and issued. */
export interface FakeLease {
  readonly asked: WireCreateLease;
  readonly credential: string;
  readonly token: string;
  readonly sessionId: string;
  readonly thumbprint: string;
}

/** A call that came with a lease, its proof verified. */
export interface ProvenCall {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown> | undefined;
  readonly lease: FakeLease;
  readonly claims: JWTPayload;
}

type Answer = Response | object | undefined;

export interface FakeGateOptions {
  /** Seconds each lease lasts. Default 300. */
  readonly lifeSeconds?: number;
  /** What a call is answered, once its lease and proof hold. Default: success. */
  readonly answer?: (call: ProvenCall, count: number) => Answer | Promise<Answer>;
  /** Looked at before anything else; `undefined`: goes on. */
  readonly before?: (path: string, headers: Headers, claims: JWTPayload) => Response | undefined;
}

/**
 * A gate behind a fetch: issues leases for keys that prove themselves, and lets calls in whose proof is
 * by the lease's key, for the lease, the call and its body. Whatever is not so is in `faults`.
 */
export function fakeGate(options: FakeGateOptions = {}) {
  const { lifeSeconds = 300, answer, before } = options;
  const leases: FakeLease[] = [];
  const calls: ProvenCall[] = [];
  const faults: string[] = [];
  const seen = new Set<unknown>();

  function issue(asked: WireCreateLease, credential: string, thumbprint: string): Response {
    const number = leases.length;
    const sessionId = asked.session_id ?? `gss_${ID}${digit(number)}`;
    const token = `lease-${number}`;
    leases.push({ asked, credential, token, sessionId, thumbprint });
    const at = Date.parse("2026-11-22T09:30:00.000Z");
    const lease = {
      id: `lse_${ID}${digit(number)}`,
      session_id: sessionId,
      token_type: "DPoP",
      token,
      project_id: PROJECT_ID,
      agent: AGENT,
      scopes: asked.scopes ?? ["gate"],
      issued_at: new Date(at).toISOString(),
      expires_at: new Date(at + lifeSeconds * 1_000).toISOString(),
      budget: { calls: 0, ...(asked.max_calls && { max_calls: asked.max_calls }) },
    };
    return Response.json(lease, { status: 201 });
  }

  async function admit(input: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const url = new URL(input);
    const method = init.method ?? "GET";
    const text = typeof init.body === "string" ? init.body : undefined;
    const { payload: claims, key } = await openProof(headers.get("dpop") ?? "");
    const early = before?.(url.pathname, headers, claims);
    if (early !== undefined) return early;
    const [scheme = "", token = ""] = (headers.get("authorization") ?? "").split(" ");
    const thumbprint = await calculateJwkThumbprint(key);
    const lease = leases.find((one) => one.token === token);
    const expected = {
      htm: method,
      htu: proofUrlOf(input),
      body_sha256: text === undefined ? undefined : await digestText(text),
      ath: scheme === "DPoP" ? await digestText(token) : undefined,
    };
    for (const [name, value] of Object.entries(expected)) {
      if (claims[name] !== value) faults.push(`${method} ${url.pathname}: ${name}`);
    }
    if (seen.has(claims.jti)) faults.push("a proof was used twice");
    seen.add(claims.jti);
    if (scheme === "Bearer") return issue(JSON.parse(text ?? "{}"), token, thumbprint);
    if (lease?.thumbprint !== thumbprint) faults.push("a proof by another key than the lease's");
    if (lease === undefined) return problem(401, "LEASE_INVALID");
    const path = `${url.pathname}${url.search}`;
    const call = { method, path, body: text && JSON.parse(text), lease, claims };
    calls.push(call);
    const given = answer ? await answer(call, calls.length) : undefined;
    if (given instanceof Response) return given;
    return Response.json(given ?? wireRun({ id: String(call.body?.id) }));
  }

  const fetch = (input: string | URL | Request, init: RequestInit = {}) =>
    admit(String(input), init);
  return { fetch, leases, calls, faults, url: BASE_URL };
}

async function openProof(proof: string) {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: "dpop+jwt",
    algorithms: ["ES256"],
    // Whose clock is right is for the tests to say.
    currentDate: new Date(Number(decodeJwt(proof).iat) * 1_000),
  });
  return { payload, key: protectedHeader.jwk ?? {} };
}

function digit(number: number): string {
  return "0123456789abcdefghjkmnpqrstvwxyz".charAt(number % 32);
}

/** How a call ended, as the control plane answers it. */
export function wireRun(more: Partial<WireGateResult> = {}): WireGateResult {
  return {
    id: REQUEST_ID,
    execution_id: `exe_${ID}q`,
    action: "github-issue",
    action_version: "1.0.0",
    action_digest: `sha256:${"a".repeat(64)}`,
    outcome: "success",
    output: { number: 7 },
    verification: { status: "verified" },
    fully_successful: true,
    approved_by: { type: "policy", id: "policy" },
    receipt_id: RECEIPT_ID,
    session_id: `gss_${ID}0`,
    started_at: "2026-11-22T09:30:00.000Z",
    finished_at: "2026-11-22T09:30:01.000Z",
    ...more,
  };
}

/** A held call, as the control plane answers it. */
export function wireApproval(more: Partial<WireGateApproval> = {}): WireGateApproval {
  return {
    id: REQUEST_ID,
    action: "github-issue",
    action_version: "1.0.0",
    action_digest: `sha256:${"a".repeat(64)}`,
    status: "PENDING",
    execution_status: "NONE",
    expires_at: "2026-11-23T09:30:00.000Z",
    url: `${BASE_URL}/requests/${more.id ?? REQUEST_ID}`,
    ...more,
  };
}

/** The same after a person's answer. */
export function decidedApproval(
  status: WireGateApproval["status"],
  more: Partial<WireGateApproval> = {},
): WireGateApproval {
  return wireApproval({
    status,
    decided_by: { type: "operator", id: `usr_${ID}q`, name: "Ada" },
    resolved_at: "2026-11-22T09:31:00.000Z",
    ...more,
  });
}
