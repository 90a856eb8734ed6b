import type { JsonObject, ValidationIssue } from "@holdpoint/protocol";
import {
  checkValue,
  compileJsonSchema,
  isJsonObject,
  toJson,
  ValidationError,
} from "../../core.js";

const AMOUNT = {
  type: "string",
  maxLength: 30,
  description: 'A decimal text, for example "12.50". Not a number.',
};
const REQUEST_ID = {
  type: "string",
  maxLength: 30,
  description: "The request (req_…), as the answer to the purchase named it.",
};

/** What a model fills in, by what it does. JSON Schema 2020-12. */
export const SPEND_INPUTS = {
  request: closed(
    {
      amount: { ...AMOUNT, description: `What it costs at most. ${AMOUNT.description}` },
      currency: {
        type: "string",
        maxLength: 5,
        description: "In capitals: a currency of ISO 4217, for example EUR, or USDC.",
      },
      category: {
        type: "string",
        maxLength: 50,
        description: "What it is for, in lower case, for example software, cloud or food.",
      },
      merchant_name: { type: "string", maxLength: 255, description: "Who sells it." },
      payee: {
        type: "string",
        maxLength: 255,
        description: "Who is paid: an account, a domain, an address.",
      },
      description: { type: "string", maxLength: 2_000, description: "What is bought, exactly." },
      comment: {
        type: "string",
        maxLength: 2_000,
        description: "Why it is needed, for the person who decides.",
      },
    },
    ["amount", "currency", "category"],
  ),
  check: closed({ request_id: REQUEST_ID }, ["request_id"]),
  confirm: closed(
    {
      request_id: REQUEST_ID,
      success: {
        type: "boolean",
        description: "Whether it was paid. false only where you know that nothing was paid.",
      },
      actual_amount: { ...AMOUNT, description: `What was really paid. ${AMOUNT.description}` },
      receipt_url: { type: "string", maxLength: 2_000, description: "Where the receipt is." },
      external_id: {
        type: "string",
        maxLength: 255,
        description: "The payment provider's reference of the payment.",
      },
    },
    ["request_id", "success"],
  ),
  budget: closed({}, []),
} as const;

interface ClosedSchema extends JsonObject {
  readonly type: "object";
  readonly properties: { readonly [name: string]: JsonObject };
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

function closed(properties: ClosedSchema["properties"], required: readonly string[]): ClosedSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

/**
 * The arguments of a call, as their schema says. `null` counts as left out: frameworks put it where a
 * model has nothing to say.
 *
 * @throws {ValidationError} `VALIDATION_FAILED`, with what was expected where.
 */
export async function readInput(
  schema: ClosedSchema,
  args: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const json = toJson("arguments", args ?? {}, MAX_BYTES);
  if (!isJsonObject(json)) throw invalid([{ path: "", message: "Expected an object." }]);
  const given = Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
  const issues = await checkValue(await compileJsonSchema(schema), given);
  if (issues.length === 0) return given;
  throw invalid(issues.map((issue) => explain(issue, schema)));
}

/** Twice what all texts of a purchase come to. */
const MAX_BYTES = 32_768;

/** With the member's own description, for a model that has got it wrong. */
function explain(issue: ValidationIssue, { properties }: ClosedSchema): ValidationIssue {
  const name = issue.path.slice(1);
  const { description } = (Object.hasOwn(properties, name) && properties[name]) || {};
  return description ? { ...issue, message: `${issue.message} ${description}` } : issue;
}

function invalid(issues: readonly ValidationIssue[]): ValidationError {
  const message = "Expected arguments that fit the tool's schema, got others.";
  return new ValidationError({ code: "VALIDATION_FAILED", message, issues });
}
