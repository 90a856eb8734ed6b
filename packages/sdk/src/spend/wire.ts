import type { JsonObject } from "@holdpoint/protocol";
import type { PurchaseStatus, WirePurchase } from "@holdpoint/protocol/spend";
import { currencyDecimals, HOLD_STATUSES, PURCHASE_STATUSES } from "@holdpoint/protocol/spend/core";
import { invalidResponse, isActor, isId, isJsonObject, isOneOf, isTime } from "../core.js";

/**
 * Reads a purchase from an answer. Fails closed: a missing field, an unknown status, an approval by
 * nobody who may approve or another purchase than `expectedId` is an error. Members we do not know
 * are let pass.
 *
 * @throws {InvalidResponseError} `RESPONSE_INVALID`.
 */
export function parsePurchase(body: unknown, expectedId?: string): WirePurchase {
  const fault = isJsonObject(body) ? findFault(body, expectedId) : "a JSON object";
  if (fault === undefined) return body as unknown as WirePurchase;
  throw invalidResponse(`Expected ${fault} in the answer`, { requestId: expectedId });
}

const OPTIONAL_TEXTS = ["merchant_name", "payee", "receipt_url", "external_id", "reason"];
const OPTIONAL_TIMES = ["expires_at", "hold_expires_at", "confirmed_at"];
const OTHER_AMOUNTS = ["approved_amount", "actual_amount", "refunded_amount"];

function findFault(body: JsonObject, expectedId: string | undefined): string | undefined {
  const { agent, details, late, x402 } = body;
  if (!isId("request", body.id)) return "a request id";
  if (expectedId !== undefined && body.id !== expectedId) return "the purchase asked for";
  if (!isOneOf(PURCHASE_STATUSES, body.status)) return "a purchase status this SDK knows";
  if (!isOneOf(HOLD_STATUSES, body.hold)) return "a hold status this SDK knows";
  if (typeof body.category !== "string" || typeof body.url !== "string") return "category and url";
  for (const name of OPTIONAL_TEXTS) {
    if (typeof (body[name] ?? "") !== "string") return `a text as ${name}`;
  }
  if (typeof body.encrypted !== "boolean") return "true or false as encrypted";
  if (!isJsonObject(agent) || typeof agent.name !== "string") return "the agent";
  if (details !== undefined && !isJsonObject(details)) return "an object as details";
  if (x402 !== undefined && !isTexts(x402)) return "a payment challenge as x402";
  if (!isTime(body.created_at)) return "ISO 8601 times";
  for (const name of OPTIONAL_TIMES) {
    if (!isTime(body[name] ?? body.created_at)) return `a time as ${name}`;
  }
  if (late !== undefined && late !== true) return "true as late";
  return findAmountFault(body) ?? findCheckFault(body) ?? findApprovalFault(body);
}

function findAmountFault({ amount, budget_remaining: remaining, ...body }: JsonObject) {
  if (!isMoney(amount) || amount.amount_minor < 1) return "an amount of money";
  const { amount_minor: asked, currency } = amount;
  const isSameMoney = (value: unknown) => isMoney(value) && value.currency === currency;
  for (const name of OTHER_AMOUNTS) {
    const value = body[name];
    if (value === undefined) continue;
    if (!isSameMoney(value)) return `money of the same currency as ${name}`;
    if ((value as unknown as Money).amount_minor < 0) return `no debt as ${name}`;
  }
  const approved = body.approved_amount as Money | undefined;
  if (approved !== undefined && approved.amount_minor > asked) return "no more approved than asked";
  return remaining === null || isSameMoney(remaining) ? undefined : "what is left of the budgets";
}

function findCheckFault({ policy_check: check, status }: JsonObject): string | undefined {
  if (!isJsonObject(check) || typeof check.passed !== "boolean") return "the policy's checks";
  if (!Array.isArray(check.checks) || !check.checks.every(isCheck)) return "the policy's checks";
  const isRefused = !check.passed || check.checks.some(({ result }) => result === "fail");
  return isRefused && isPayable(status as PurchaseStatus) ? "no approval despite a no" : undefined;
}

/** No credential of an agent can approve, so an answer that says so is not to be believed. */
function findApprovalFault({ decided_by: by, status }: JsonObject): string | undefined {
  if (by !== undefined && !isActor(by)) return "who decided";
  if (status === "auto_approved" && by?.type !== "policy") return "a policy as the approver";
  if (status === "approved" && by?.type !== "operator") return "an operator as the approver";
  return undefined;
}

/** Only then may it be paid. */
export function isPayable(status: PurchaseStatus): boolean {
  return status === "auto_approved" || status === "approved";
}

type Money = { readonly amount_minor: number; readonly currency: string };

export function isMoney(value: unknown): value is Money {
  if (!isJsonObject(value) || typeof value.currency !== "string") return false;
  return Number.isSafeInteger(value.amount_minor) && currencyDecimals(value.currency) !== undefined;
}

function isCheck(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || !isOneOf(["pass", "fail", "ask"], value.result)) return false;
  return isTexts({ rule: value.rule, scope: value.scope, detail: value.detail });
}

function isTexts(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every((each) => typeof each === "string");
}
