import type { IncomingHttpHeaders } from "node:http";
import { refuse } from "../fault.js";
import type { Credentials } from "../secrets/credentials.js";
import { isSafe } from "./faults.js";
import { readAll } from "./read.js";
import type { Egress } from "./rule.js";
import type { IncomingAnswer, OutgoingCall, SendLimits, Transport } from "./transport.js";

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What every call of one run goes by. */
export interface CallRules {
  readonly transport: Transport;
  readonly egress: Egress;
  /** The same hosts, for the one call that looks at what was done. */
  readonly readBackEgress: Egress;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
  /** Opened when a call is ready to go, and not before. */
  credentials(): Promise<Credentials>;
}

export interface ReadAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Makes one call with the action's secrets, and reads its answer. Follows redirects of safe methods,
 * as far as each target may be reached.
 *
 * @throws {FaultError} that says whether the service may have acted.
 */
export async function callOut(plan: OutgoingCall, rules: CallRules): Promise<ReadAnswer> {
  let call = await authorize(plan, rules);
  for (let redirects = 0; ; redirects += 1) {
    const { status, headers, body } = await send(call, rules);
    const answer = { status, headers, body: await readAll(body) };
    const { location } = headers;
    if (!REDIRECTS.has(status) || location === undefined || !isSafe(call.method)) return answer;
    if (redirects === MAX_REDIRECTS) throw refuse("response_invalid", "Expected fewer redirects.");
    call = await follow(call, location, rules);
  }
}

/**
 * The call as it goes out: checked, and then with the secrets in it.
 *
 * @throws {FaultError} `egress_refused`, `request_too_large`, `secret_missing`.
 */
export async function authorize(plan: OutgoingCall, rules: CallRules): Promise<OutgoingCall> {
  rules.egress.assertAllowed(plan.url, plan.method);
  if (sizeOf(plan) > rules.maxRequestBytes) {
    throw refuse("request_too_large", "Expected parameters that make a smaller call.");
  }
  const { headers, query } = await rules.credentials();
  const url = new URL(plan.url);
  url.hash = "";
  for (const [name, value] of query) url.searchParams.set(name, value);
  return { ...plan, url, headers: { ...OWN_HEADERS, ...plan.headers, ...headers } };
}

export function send(call: OutgoingCall, rules: CallRules): Promise<IncomingAnswer> {
  const { transport, egress, maxResponseBytes, signal } = rules;
  const limits: SendLimits = { allowsPrivate: egress.allowsPrivate, maxResponseBytes, signal };
  return transport.send(call, limits);
}

const OWN_HEADERS = {
  accept: "application/json, text/*;q=0.9, */*;q=0.8",
  "accept-encoding": "identity",
  "user-agent": "Holdpoint-Gate/1",
};

/** To another origin go no secrets, and nothing else that the manifest has set but what it accepts. */
async function follow(
  { method, url, headers }: OutgoingCall,
  location: string,
  rules: CallRules,
): Promise<OutgoingCall> {
  if (!URL.canParse(location, url.href)) {
    throw refuse("response_invalid", "Expected a redirect to a whole URL.");
  }
  const target = new URL(location, url);
  target.hash = "";
  rules.egress.assertAllowed(target, method);
  if (target.origin === url.origin) return { method, url: target, headers };
  const { echo } = await rules.credentials();
  if (echo.inText(target.href) !== target.href) {
    throw refuse("egress_refused", "Expected a redirect that carries no secret to another host.");
  }
  const { accept = OWN_HEADERS.accept } = headers;
  return { method, url: target, headers: { ...OWN_HEADERS, accept } };
}

function sizeOf({ url, headers, body }: OutgoingCall): number {
  const fields = Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    0,
  );
  return url.href.length + fields + (body?.length ?? 0);
}
