import { z } from "zod";
import { ID_PREFIXES, type IdKind, isId } from "../id.js";
import { LIMITS } from "../limits.js";
import { EXECUTION_STATUSES, REQUEST_STATUSES } from "../status.js";
import { UNSEEN } from "../unseen.js";
import { PRIORITIES, SENSITIVE_KINDS } from "../wire.js";

/** An id of this kind, for example `req_01jz…`. */
export function idSchema(kind: IdKind) {
  const prefix = ID_PREFIXES[kind];
  return z
    .string()
    .refine((value) => isId(kind, value), {
      error: `Expected an id of the form ${prefix}_ and 26 characters.`,
    })
    .meta({
      description: `TypeID with the prefix ${prefix}.`,
      example: `${prefix}_01h455vb4pex5vsknk084sn02q`,
    });
}

/** One line of text an agent or a person sends: nothing unseen in it, ends trimmed, bounded. */
export function lineSchema(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1, "Expected at least 1 character.")
    .max(maxLength, `Expected at most ${maxLength} characters.`)
    .refine((line) => !UNSEEN.test(line), {
      error: "Expected one line of text without control, direction or invisible characters.",
    });
}

export const prioritySchema = z.enum(PRIORITIES);
export const requestStatusSchema = z.enum(REQUEST_STATUSES);
export const executionStatusSchema = z.enum(EXECUTION_STATUSES);
export const timeSchema = z.iso.datetime().meta({ example: "2026-11-22T09:30:00.000Z" });
/** SHA-256 of some canonical JSON. */
export const digestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: "Expected sha256: and 64 lower-case hex digits." })
  .meta({ example: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" });
/** SHA-256 of a payload's shape. */
export const skeletonHashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "Expected 64 lower-case hex digits." });
/** A keyed hash of arguments, cut to 128 bits. */
export const fingerprintSchema = z
  .string()
  .length(LIMITS.fingerprintDigits)
  .regex(/^[0-9a-f]+$/, { error: "Expected 32 lower-case hex digits." });
/** Kinds of sensitive data that were found, each once. */
export const sensitiveSchema = z.array(z.enum(SENSITIVE_KINDS)).max(SENSITIVE_KINDS.length);
export const roleSchema = z
  .string()
  .max(LIMITS.roleLength, `Expected at most ${LIMITS.roleLength} characters.`)
  .regex(/^[a-z][a-z0-9_-]*$/, {
    error: "Expected a role name: lower-case letters, digits, - and _, beginning with a letter.",
  });

/** Free text over several lines, such as a person's reason. */
export const reasonSchema = z
  .string()
  .max(LIMITS.reasonLength, `Expected at most ${LIMITS.reasonLength} characters.`);
