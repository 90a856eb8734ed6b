import type { JsonObject } from "@holdpoint/protocol";
import { ESCROW_STATUSES, type WireEscrow } from "@holdpoint/protocol/escrow";
import { invalidResponse, isActor, isId, isJsonObject, isOneOf, isTime } from "../../core.js";
import { isMoney } from "../wire.js";

/**
 * Reads an escrow from an answer. Fails closed: a missing field, an unknown status or another escrow
 * than `expectedId` is an error. What is signed is verified apart.
 *
 * @throws {InvalidResponseError} `RESPONSE_INVALID`.
 */
export function parseEscrow(body: unknown, expectedId?: string): WireEscrow {
  const fault = isJsonObject(body) ? findFault(body, expectedId) : "a JSON object";
  if (fault === undefined) return body as unknown as WireEscrow;
  throw invalidResponse(`Expected ${fault} in the answer`);
}

function findFault(body: JsonObject, expectedId: string | undefined): string | undefined {
  const { payer, payee, details, dispute, envelope } = body;
  if (!isId("escrow", body.id) || body.id !== (expectedId ?? body.id))
    return "the escrow asked for";
  if (!isId("request", body.request_id)) return "a request id";
  if (!isId("escrow", body.root_escrow_id)) return "the first escrow of its chain";
  if (!isOneOf(ESCROW_STATUSES, body.status)) return "an escrow status this SDK knows";
  if (!isParty(payer) || !isParty(payee)) return "payer and payee";
  if (!isMoney(body.amount)) return "an amount of money";
  if (typeof body.category !== "string" || typeof body.url !== "string") return "category and url";
  if (typeof body.encrypted !== "boolean") return "true or false as encrypted";
  if (details !== undefined && !isJsonObject(details)) return "an object as details";
  if (dispute !== undefined && !isDispute(dispute)) return "who asked for a person";
  for (const name of ["created_at", "fulfil_by", "release_by"]) {
    if (!isTime(body[name])) return `a time as ${name}`;
  }
  for (const name of ["fulfilled_at", "ended_at"]) {
    if (!isTime(body[name] ?? body.created_at)) return `a time as ${name}`;
  }
  return isJsonObject(envelope) && envelope.escrow_id === body.id ? undefined : "its envelope";
}

function isParty(value: unknown): boolean {
  return isJsonObject(value) && isId("agent", value.id) && typeof value.name === "string";
}

function isDispute(value: unknown): boolean {
  return isJsonObject(value) && isId("request", value.request_id) && isActor(value.by);
}
