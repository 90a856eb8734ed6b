import { z } from "zod";
import { ACTION_APPROVALS, HTTP_METHODS } from "../gate/manifest.js";
import { LIMITS } from "../limits.js";
import { MAX_AMOUNT_MINOR } from "../spend/amount.js";
import { jsonObject, jsonValue } from "./json.js";
import { digestSchema, lineSchema, prioritySchema, roleSchema } from "./parts.js";
import { currencySchema } from "./spend-policy.js";

export const actionIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, {
    error: "Expected an action's id: up to 64 lower-case letters, digits, - and _.",
  })
  .meta({ example: "github-issue" });
const versionSchema = z
  .string()
  .max(64, "Expected at most 64 characters.")
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/, {
    error: "Expected a version, for example 1.0.0.",
  });
export const secretNameSchema = z
  .string()
  .max(LIMITS.secretNameLength, `Expected at most ${LIMITS.secretNameLength} characters.`)
  .regex(/^[A-Z][A-Z0-9_]*$/, { error: "Expected a secret's name in capitals, with _ for spaces." })
  .meta({ example: "GITHUB_TOKEN" });
const pointerSchema = z
  .string()
  .max(500, "Expected at most 500 characters.")
  .regex(/^(\/([^~/]|~[01])*)+$/, {
    error: "Expected a JSON Pointer, for example /customer/email.",
  });
/** Of an HTTP field, as RFC 9110 §5.6.2 has it; what frames the call itself is not the manifest's. */
const headerNameSchema = z
  .string()
  .max(100, "Expected at most 100 characters.")
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: "Expected the name of an HTTP header." })
  .refine((name) => !FRAMING_HEADERS.has(name.toLowerCase()), {
    error: "Expected another header: this one is the gate's own.",
  });
const FRAMING_HEADERS = new Set([
  ...["connection", "content-length", "host", "keep-alive", "proxy-authorization"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
]);
const headerValueSchema = z
  .string()
  .max(4_000, "Expected at most 4000 characters.")
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, {
    error: "Expected the text of an HTTP header, on one line.",
  });
/** The template itself is judged where it is expanded; here only that it can be a URL. */
const urlTemplateSchema = z
  .string()
  .min(1, "Expected a URL.")
  .max(LIMITS.webhookUrlLength, `Expected at most ${LIMITS.webhookUrlLength} characters.`);
const methodSchema = z.enum(HTTP_METHODS);
const bodySchema = jsonValue(LIMITS.manifestBytes);

const httpProviderSchema = z.strictObject({
  type: z.literal("http"),
  method: methodSchema,
  url: urlTemplateSchema,
  headers: z.record(headerNameSchema, headerValueSchema).optional(),
  body: bodySchema.optional(),
  body_format: z.enum(["json", "form", "text"]).optional(),
});
const mcpProviderSchema = z.strictObject({
  type: z.literal("mcp"),
  url: urlTemplateSchema,
  tool: lineSchema(LIMITS.actionLength),
  arguments: bodySchema.optional(),
});
const wasmProviderSchema = z.strictObject({
  type: z.literal("wasm"),
  module: digestSchema,
  memory_pages: z.int().min(1).max(1_024).optional(),
});

const costSchema = z
  .strictObject({
    currency: currencySchema,
    amount_minor: z.int().min(0).max(Number(MAX_AMOUNT_MINOR)).optional(),
    amount_parameter: pointerSchema.optional(),
  })
  .refine((cost) => (cost.amount_minor === undefined) !== (cost.amount_parameter === undefined), {
    error: "Expected one of amount_minor and amount_parameter.",
  });

const domainSchema = z
  .string()
  .max(253, "Expected at most 253 characters.")
  .regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: "Expected a host name in lower case, or *. and one.",
  });
export const egressSchema = z.union([
  z.literal("none"),
  z.strictObject({
    domains: z.array(domainSchema).min(1).max(LIMITS.egressDomains),
    methods: z.array(methodSchema).min(1).optional(),
    ports: z.array(z.int().min(1).max(65_535)).min(1).max(20).optional(),
    allow_private: z.boolean().optional(),
  }),
]);

const secretUseSchema = z
  .strictObject({
    name: secretNameSchema,
    from: z.enum(["store", "environment", "file"]).optional(),
    header: headerNameSchema.optional(),
    query: z.string().min(1).max(100).optional(),
    prefix: headerValueSchema.optional(),
  })
  .refine((use) => (use.header === undefined) !== (use.query === undefined), {
    error: "Expected one of header and query.",
  });

const verificationSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none"), reason: lineSchema(500) }),
  z.strictObject({
    type: z.literal("status"),
    statuses: z.array(z.int().min(100).max(599)).min(1).max(50),
  }),
  z.strictObject({ type: z.literal("result") }),
  z.strictObject({
    type: z.literal("read_back"),
    url: urlTemplateSchema,
    expect: z
      .array(z.strictObject({ pointer: pointerSchema, value: bodySchema }))
      .min(1)
      .max(20),
  }),
]);

const bytesSchema = z.int().min(1).max(LIMITS.maxActionBytes);

/** An action as it is registered. What needs more than its own text is checked by the control plane. */
export const actionManifestSchema = z.strictObject({
  id: actionIdSchema,
  version: versionSchema,
  title: lineSchema(LIMITS.nameLength),
  description: z.string().trim().min(1).max(LIMITS.actionDescriptionLength),
  risk: prioritySchema,
  approval: z.enum(ACTION_APPROVALS).optional(),
  role: roleSchema.optional(),
  parameters: jsonObject(LIMITS.schemaBytes),
  result: jsonObject(LIMITS.schemaBytes).optional(),
  provider: z.discriminatedUnion("type", [
    httpProviderSchema,
    mcpProviderSchema,
    wasmProviderSchema,
  ]),
  cost: costSchema.optional(),
  egress: egressSchema,
  secrets: z.array(secretUseSchema).max(20).optional(),
  timeout_ms: z.int().min(LIMITS.minActionTimeoutMs).max(LIMITS.maxActionTimeoutMs).optional(),
  max_request_bytes: bytesSchema.optional(),
  max_response_bytes: bytesSchema.optional(),
  idempotency: z.strictObject({ header: headerNameSchema }).optional(),
  verification: verificationSchema,
  redact: z.array(pointerSchema).max(50).optional(),
  returns_output: z.boolean().optional(),
});
