import { describe, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { ErrorCode } from "../codes.js";
import type { Problem } from "../problem.js";
import type {
  WirePolicySuggestion,
  WireReviewShieldStep,
  WireSetShieldMode,
  WireSetShieldSettings,
  WireShieldDetails,
  WireShieldEdge,
  WireShieldNode,
  WireShieldProfile,
  WireShieldRules,
  WireShieldRun,
  WireShieldStep,
} from "../shield/index.js";
import type {
  SpendCheck,
  SpendPolicy,
  WireBudget,
  WireBurnDown,
  WireConfirmPurchase,
  WireCreatePurchase,
  WireKillSwitch,
  WireLedgerEntry,
  WireMoney,
  WirePurchase,
  WirePurchaseDetails,
  WireRefundPurchase,
  WireSetBudget,
  WireSetKillSwitch,
  WireSetSpendPolicy,
  WireSpendPolicy,
  WireSpendPolicyTrial,
  WireTrySpendPolicy,
} from "../spend/index.js";
import { isApprovedStatus, type RequestStatus } from "../status.js";
import type {
  WireApiKey,
  WireCreateRequest,
  WireDecision,
  WireEvent,
  WireIdentity,
  WireLoggedReceipt,
  WireObservation,
  WireObserve,
  WireOperator,
  WireOperatorToken,
  WirePutRecord,
  WireReceipt,
  WireRecord,
  WireRequest,
  WireRotateSigningKey,
  WireShieldVerdict,
  WireSigningKey,
  WireSigningKeys,
} from "../wire.js";
import type {
  apiKeySchema,
  budgetSchema,
  burnDownSchema,
  confirmPurchaseSchema,
  createPurchaseSchema,
  createRequestSchema,
  decisionSchema,
  eventSchema,
  identitySchema,
  killSwitchSchema,
  ledgerEntrySchema,
  loggedReceiptSchema,
  moneySchema,
  observationSchema,
  observeSchema,
  operatorSchema,
  operatorTokenSchema,
  policySuggestionSchema,
  problemSchema,
  purchaseDetailsSchema,
  purchaseSchema,
  putRecordSchema,
  receiptSchema,
  recordSchema,
  refundPurchaseSchema,
  requestSchema,
  reviewShieldStepSchema,
  rotateSigningKeySchema,
  setBudgetSchema,
  setKillSwitchSchema,
  setShieldModeSchema,
  setShieldSettingsSchema,
  setSpendPolicySchema,
  shieldDetailsSchema,
  shieldProfileSchema,
  shieldRunSchema,
  shieldStepSchema,
  signingKeySchema,
  signingKeysSchema,
  spendCheckSchema,
  spendPolicySchema,
  spendPolicyTrialSchema,
  storedSpendPolicySchema,
  trySpendPolicySchema,
} from "./index.js";

/** The names of members, optional ones with their mark, of every arm of a union. */
type Members<T> = T extends unknown
  ? { [K in keyof T]-?: undefined extends T[K] ? `${K & string}?` : K & string }[keyof T]
  : never;
type Same<Schema extends z.ZodType, Wire> = [Members<z.infer<Schema>>] extends [Members<Wire>]
  ? [Members<Wire>] extends [Members<z.infer<Schema>>]
    ? true
    : { missingInSchema: Exclude<Members<Wire>, Members<z.infer<Schema>>> }
  : { missingOnWire: Exclude<Members<z.infer<Schema>>, Members<Wire>> };

describe("schemas and wire types name the same members, and the same ones optional", () => {
  test("what comes in", () => {
    expectTypeOf<Same<typeof createRequestSchema, WireCreateRequest>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof putRecordSchema, WirePutRecord>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof observeSchema, WireObserve>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof decisionSchema, WireDecision>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof rotateSigningKeySchema, WireRotateSigningKey>>().toEqualTypeOf<true>();
  });

  test("what goes out", () => {
    expectTypeOf<Same<typeof requestSchema, WireRequest>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof eventSchema, WireEvent>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof recordSchema, WireRecord>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof observationSchema, WireObservation>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof identitySchema, WireIdentity>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof apiKeySchema, WireApiKey>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof operatorSchema, WireOperator>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof operatorTokenSchema, WireOperatorToken>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof problemSchema, Problem>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof receiptSchema, WireReceipt>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof loggedReceiptSchema, WireLoggedReceipt>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof signingKeySchema, WireSigningKey>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof signingKeysSchema, WireSigningKeys>>().toEqualTypeOf<true>();
  });
});

describe("schemas and types of money name the same members", () => {
  test("what comes in", () => {
    expectTypeOf<Same<typeof createPurchaseSchema, WireCreatePurchase>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof purchaseDetailsSchema, WirePurchaseDetails>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof confirmPurchaseSchema, WireConfirmPurchase>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof refundPurchaseSchema, WireRefundPurchase>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof setBudgetSchema, WireSetBudget>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof setSpendPolicySchema, WireSetSpendPolicy>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof trySpendPolicySchema, WireTrySpendPolicy>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof setKillSwitchSchema, WireSetKillSwitch>>().toEqualTypeOf<true>();
  });

  test("what goes out", () => {
    expectTypeOf<Same<typeof moneySchema, WireMoney>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof purchaseSchema, WirePurchase>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof spendCheckSchema, SpendCheck>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof budgetSchema, WireBudget>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof ledgerEntrySchema, WireLedgerEntry>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof burnDownSchema, WireBurnDown>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof storedSpendPolicySchema, WireSpendPolicy>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof spendPolicyTrialSchema, WireSpendPolicyTrial>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof killSwitchSchema, WireKillSwitch>>().toEqualTypeOf<true>();
  });

  test("the policy, with its parts", () => {
    type Parsed = z.infer<typeof spendPolicySchema>;
    type PartsOf<Policy> = { -readonly [K in keyof Policy]-?: Members<NonNullable<Policy[K]>> };
    type Structured = "schedule" | "auto_approve" | "approval_threshold" | "x402";
    type Parts<Policy extends Record<Structured, unknown>> = PartsOf<Pick<Policy, Structured>>;
    expectTypeOf<Same<typeof spendPolicySchema, SpendPolicy>>().toEqualTypeOf<true>();
    expectTypeOf<Parts<Required<Parsed>>>().toEqualTypeOf<Parts<Required<SpendPolicy>>>();
  });
});

describe("schemas and types of the shield name the same members", () => {
  type Details = z.infer<typeof shieldDetailsSchema>;

  test("what comes in", () => {
    expectTypeOf<Same<typeof setShieldModeSchema, WireSetShieldMode>>().toEqualTypeOf<true>();
    expectTypeOf<
      Same<typeof setShieldSettingsSchema, WireSetShieldSettings>
    >().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof reviewShieldStepSchema, WireReviewShieldStep>>().toEqualTypeOf<true>();
  });

  test("what goes out", () => {
    expectTypeOf<Same<typeof shieldProfileSchema, WireShieldProfile>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof shieldDetailsSchema, WireShieldDetails>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof shieldRunSchema, WireShieldRun>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof shieldStepSchema, WireShieldStep>>().toEqualTypeOf<true>();
    expectTypeOf<Same<typeof policySuggestionSchema, WirePolicySuggestion>>().toEqualTypeOf<true>();
  });

  test("the parts of them", () => {
    type Verdict = NonNullable<z.infer<typeof requestSchema>["shield"]>;
    type Parsed = [
      Members<Verdict>,
      Members<Details["baseline"]>,
      Members<Details["settings"]["rules"]>,
      Members<Details["graph"]["nodes"][number]>,
      Members<Details["graph"]["edges"][number]>,
      Members<Details["entropy"][number]>,
      Members<Details["would_have_held"]>,
      Members<z.infer<typeof policySuggestionSchema>["replay"]>,
    ];
    type Wire = [
      Members<WireShieldVerdict>,
      Members<WireShieldDetails["baseline"]>,
      Members<WireShieldRules>,
      Members<WireShieldNode>,
      Members<WireShieldEdge>,
      Members<WireShieldDetails["entropy"][number]>,
      Members<WireShieldDetails["would_have_held"]>,
      Members<WirePolicySuggestion["replay"]>,
    ];
    expectTypeOf<Parsed>().toEqualTypeOf<Wire>();
  });
});

test("a difference would show", () => {
  expectTypeOf<Same<typeof eventSchema, WireRequest>>().not.toEqualTypeOf<true>();
  expectTypeOf<Same<typeof eventSchema, Omit<WireEvent, "at">>>().not.toEqualTypeOf<true>();
  expectTypeOf<Same<typeof eventSchema, Required<WireEvent>>>().not.toEqualTypeOf<true>();
});

test("codes and statuses are closed unions", () => {
  expectTypeOf<ErrorCode>().not.toEqualTypeOf<string>();
  expectTypeOf<"ALREADY_DECIDED">().toExtend<ErrorCode>();
  expectTypeOf<"APPROVED_BY_NOBODY">().not.toExtend<ErrorCode>();
  const status = "PENDING" as RequestStatus;
  if (isApprovedStatus(status)) {
    expectTypeOf(status).toEqualTypeOf<"APPROVED" | "APPROVED_WITH_MODIFICATIONS">();
  }
});

test("a rejection carries no patch, and nothing is any", () => {
  type Rejection = Extract<WireDecision, { decision: "reject" }>;
  expectTypeOf<Rejection>().not.toHaveProperty("patched_payload");
  expectTypeOf<WireRequest["payload"]>().not.toBeAny();
  expectTypeOf<z.infer<typeof createRequestSchema>["payload"]>().not.toBeAny();
});
