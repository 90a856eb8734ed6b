import type { GateFault, HttpMethod } from "@holdpoint/protocol/gate";
import { AddressRefusedError } from "../../network/address.js";
import { FaultError } from "../fault.js";

/** Asks for nothing but an answer (RFC 9110 §9.2.1). */
export function isSafe(method: HttpMethod): boolean {
  return method === "GET" || method === "HEAD";
}

/** What happened to a call, as one of our own words: Node's text could tell what stands behind the gate. */
export function faultOf(
  error: unknown,
  { method, isSent }: { readonly method: HttpMethod; readonly isSent: boolean },
): FaultError {
  const mayHaveActed = isSent && !isSafe(method);
  if (error instanceof FaultError) return new FaultError({ ...error.fault, mayHaveActed });
  const code = codeOf(error);
  return new FaultError({ code, message: MESSAGES[code], mayHaveActed });
}

function codeOf(error: unknown): keyof typeof MESSAGES {
  if (error instanceof AddressRefusedError) return "egress_refused";
  const code = String((error as { readonly code?: unknown } | undefined)?.code ?? "");
  if (/^(ENOTFOUND|EAI_)/.test(code)) return "name_not_found";
  if (code === "ETIMEDOUT") return "timeout";
  if (/^(HPE_|Z_|ERR_STREAM_PREMATURE_CLOSE|ERR__ERROR_FORMAT)/.test(code))
    return "response_invalid";
  if (
    /^(ERR_TLS|ERR_SSL|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_|INVALID_|EPROTO)/.test(
      code,
    )
  ) {
    return "tls_failed";
  }
  return "connection_failed";
}

const MESSAGES = {
  egress_refused: "Expected a host on the public internet.",
  name_not_found: "Expected a host name that is known.",
  timeout: "Expected an answer in time.",
  response_invalid: "Expected an answer that can be read.",
  tls_failed: "Expected a trusted certificate for the host.",
  connection_failed: "Expected a connection that lasts until the answer is read.",
} as const satisfies Partial<Record<GateFault, string>>;
