import {
  canonicalJson,
  formatPointer,
  type JsonObject,
  LIMITS,
  type ValidationIssue,
} from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { actionManifestSchema } from "@holdpoint/protocol/schemas";
import { digestTextOf } from "../digest.js";
import { issuesOf } from "../issues.js";
import { ProblemError } from "../problem.js";
import { compileSchema } from "../schema/compile.js";
import { checkCall } from "./lint/call.js";
import { checkCost } from "./lint/cost.js";
import { checkDestinations } from "./lint/destinations.js";
import { checkEgress } from "./lint/egress.js";
import { error, type Finding, warning } from "./lint/finding.js";
import { checkPlaceholders } from "./lint/placeholders.js";
import { checkSecrets } from "./lint/secrets.js";
import { checkVerification } from "./lint/verification.js";

/** What is to be said of a manifest. Paths are JSON Pointers (RFC 6901) into it. */
export interface ActionCheck {
  /** Why it cannot be registered. */
  readonly errors: readonly ValidationIssue[];
  /** What may not be meant. */
  readonly warnings: readonly ValidationIssue[];
  /** As it would be registered, and its digest (`sha256:<hex>`), where there are no errors. */
  readonly action?: { readonly manifest: ActionManifest; readonly digest: string };
}

/** What a manifest's own text shows. */
const RULES: readonly ((manifest: ActionManifest) => readonly Finding[])[] = [
  checkSize,
  checkRisk,
  checkCall,
  checkPlaceholders,
  checkDestinations,
  checkEgress,
  checkSecrets,
  checkCost,
  checkVerification,
];

/**
 * Reads a manifest as the control plane does before it registers one. It looks at nothing but the
 * manifest: whether a module is there, or private networks are allowed, only the control plane knows.
 */
export async function checkAction(manifest: unknown): Promise<ActionCheck> {
  const form = actionManifestSchema.safeParse(manifest);
  if (!form.success) {
    const errors = form.error.issues.flatMap((issue) => issuesOf(issue, formatPointer));
    return { errors, warnings: [] };
  }
  const given = form.data as ActionManifest;
  const findings = [...(await checkSchemas(given)), ...RULES.flatMap((rule) => rule(given))];
  const errors = issuesAs("error", findings);
  const warnings = issuesAs("warning", findings);
  if (errors.length > 0) return { errors, warnings };
  return { errors, warnings, action: { manifest: given, digest: digestTextOf(given) } };
}

function issuesAs(severity: Finding["severity"], findings: readonly Finding[]): ValidationIssue[] {
  return findings
    .filter((finding) => finding.severity === severity)
    .map(({ path, message }) => ({ path, message }));
}

async function checkSchemas({ parameters, result }: ActionManifest): Promise<readonly Finding[]> {
  return [
    ...(await checkSchema(parameters, "/parameters")),
    ...(result === undefined ? [] : await checkSchema(result, "/result")),
    ...checkParameters(parameters),
  ];
}

async function checkSchema(schema: JsonObject, path: string): Promise<readonly Finding[]> {
  try {
    await compileSchema(schema);
    return [];
  } catch (cause) {
    if (!(cause instanceof ProblemError)) throw cause;
    return [error(path, cause.message)];
  }
}

function checkParameters(parameters: JsonObject): readonly Finding[] {
  const { type, additionalProperties, unevaluatedProperties } = parameters;
  if (type !== "object") {
    return [error("/parameters/type", "Expected object: an action takes its parameters by name.")];
  }
  if (additionalProperties === false || unevaluatedProperties === false) return [];
  return [
    warning(
      "/parameters",
      "Expected additionalProperties: false. Without it an agent can send what nobody has described.",
    ),
  ];
}

function checkSize(manifest: ActionManifest): readonly Finding[] {
  const bytes = Buffer.byteLength(canonicalJson(manifest));
  if (bytes <= LIMITS.manifestBytes) return [];
  return [error("", `Expected at most ${LIMITS.manifestBytes} bytes of JSON, got ${bytes}.`)];
}

function checkRisk({ risk, approval, provider }: ActionManifest): readonly Finding[] {
  if (approval === "never" && (risk === "high" || risk === "critical")) {
    const message = `Expected policy or always: risk ${risk} is not to go without anybody being asked.`;
    return [error("/approval", message)];
  }
  const writes =
    provider.type === "http" && provider.method !== "GET" && provider.method !== "HEAD";
  if (!writes || risk !== "low") return [];
  return [warning("/risk", `Expected more than low for ${provider.method}, unless it only reads.`)];
}
