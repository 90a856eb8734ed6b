import { describe, expect, test } from "vitest";
import { canonicalJson } from "../json.js";
import { REQUEST_EVENT_TYPES, type WireRequestReceiptContent } from "../wire.js";
import { parseReceiptContent } from "./content.js";
import { ReceiptError } from "./error.js";
import { approval, commit } from "./fixtures/content.js";

const purchase = { amount_minor: 1_250, currency: "EUR", category: "software", payee: "Acme" };

function faultOf(content: unknown): string | undefined {
  try {
    parseReceiptContent(canonicalJson(content));
    return undefined;
  } catch (error) {
    return error instanceof ReceiptError ? `${error.code}: ${error.fault}` : `threw ${error}`;
  }
}

/** The receipt of an event, with the part that this event is about. */
function contentOf(type: WireRequestReceiptContent["type"]): WireRequestReceiptContent {
  const { execution, ...rest } = commit();
  return {
    ...rest,
    type,
    ...(type.startsWith("execution.") && execution && { execution }),
    ...(type.startsWith("purchase.") && { purchase }),
  };
}

describe("what a receipt is about", () => {
  test.each(REQUEST_EVENT_TYPES)("%s is understood, with its own part and no other", (type) => {
    const content = contentOf(type);
    expect(faultOf(content)).toBeUndefined();
    for (const part of ["execution", "purchase"] as const) {
      const { [part]: had, ...without } = content;
      const wrong =
        had === undefined ? { ...content, [part]: commit().execution ?? purchase } : without;
      expect(faultOf(wrong)).toBe("RECEIPT_MALFORMED: bad_content");
    }
  });

  test("one approval of several is no decision yet, and a receipt of its own", () => {
    const { approved_digest: _, ...open } = approval();
    const content = { ...open, type: "request.endorsed", status: "PENDING" };
    expect(parseReceiptContent(canonicalJson(content)).type).toBe("request.endorsed");
  });
});

describe("[G8] the purchase part", () => {
  const settled = contentOf("purchase.settled");

  test.each([
    [{ amount_minor: 0 }],
    [{ amount_minor: Number.MAX_SAFE_INTEGER }],
    [{ late: true }],
    [{ payee: undefined }],
  ])("takes %j", (change) => {
    const { payee, ...changed } = { ...purchase, ...change };
    const part = { ...changed, ...(payee !== undefined && { payee }) };
    expect(faultOf({ ...settled, purchase: part })).toBeUndefined();
  });

  test.each([
    [{ amount_minor: -1 }],
    [{ amount_minor: 12.5 }],
    [{ amount_minor: "1250" }],
    [{ amount_minor: 2 ** 53 }],
    [{ currency: "" }],
    [{ currency: 978 }],
    [{ category: "" }],
    [{ payee: "" }],
    [{ late: false }],
    [{ late: "true" }],
    [{ balance: 5 }],
  ])("refuses %j", (change) => {
    const part = { ...purchase, ...change };
    expect(faultOf({ ...settled, purchase: part })).toBe("RECEIPT_MALFORMED: bad_content");
  });

  test.each(["amount_minor", "currency", "category"] as const)("is nothing without %s", (name) => {
    const { [name]: _, ...part } = purchase;
    expect(faultOf({ ...settled, purchase: part })).toBe("RECEIPT_MALFORMED: bad_content");
  });

  test("of an event that is not known proves nothing", () => {
    expect(faultOf({ ...settled, type: "purchase.forgiven" })).toBe(
      "RECEIPT_MALFORMED: bad_content",
    );
  });
});
