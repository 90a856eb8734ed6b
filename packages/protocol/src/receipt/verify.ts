import { isJsonObject } from "../json.js";
import type { WireReceipt, WireReceiptContent } from "../wire.js";
import { decodeBase64 } from "./bytes.js";
import { type Checkpoint, openCheckpoint } from "./checkpoint.js";
import { compareSubject, type DigestReport, type ReceiptSubject } from "./contents.js";
import { ReceiptError } from "./error.js";
import { HASH_BYTES, hashLeaf, logEntryOf } from "./hash.js";
import type { TrustedKeys } from "./keys.js";
import { verifyInclusion } from "./proof.js";
import { verifySignature } from "./signature.js";

export interface VerifyReceiptOptions {
  /** From a source you trust, never from beside the receipt. */
  readonly keys: TrustedKeys;
  /** The project it must belong to. Default: any. */
  readonly projectId?: string | undefined;
  /** What it is said to be about: each digest is recomputed. */
  readonly subject?: ReceiptSubject | undefined;
  /**
   * Accepts a receipt without proof of its place in the log, as it is for the moment between the
   * event and the log's next checkpoint. The signature alone does not show that others see the same.
   * Default false.
   */
  readonly allowUnlogged?: boolean | undefined;
}

/** A receipt whose every statement held. */
export interface VerifiedReceipt {
  readonly content: WireReceiptContent;
  /** Which key signed it. */
  readonly keyId: string;
  /** Its place in the log. Absent with `allowUnlogged` only. */
  readonly log?: { readonly index: number; readonly checkpoint: Checkpoint };
  readonly digests: DigestReport;
}

/**
 * Verifies a receipt from itself and trusted keys alone, without asking anybody: its signature, its
 * form, its place in the log under a signed checkpoint, and the digests of what it is about.
 *
 * @param receipt - A {@link WireReceipt}, as parsed from JSON.
 * @throws {ReceiptError} Its `code` says what does not hold. Never treat the receipt as evidence then.
 */
export async function verifyReceipt(
  receipt: unknown,
  options: VerifyReceiptOptions,
): Promise<VerifiedReceipt> {
  const { id, jws, log } = requireReceipt(receipt);
  const { content, keyId } = await verifySignature(jws, options.keys);
  if (content.id !== id) throw new ReceiptError("id_differs");
  requireProject(content, options.projectId);
  if (log === undefined && !options.allowUnlogged) throw new ReceiptError("not_logged");
  const place = log && (await verifyPlace(jws, log, options.keys));
  const digests = await compareSubject(content, options.subject ?? {});
  return { content, keyId, ...(place && { log: place }), digests };
}

/** @throws {ReceiptError} `RECEIPT_PROJECT_WRONG`. */
export function requireProject(content: WireReceiptContent, projectId: string | undefined): void {
  if (projectId !== undefined && content.project_id !== projectId) {
    throw new ReceiptError("other_project");
  }
}

/**
 * Verifies that a log holds exactly this receipt, under a checkpoint it signed.
 *
 * @throws {ReceiptError} `CHECKPOINT_INVALID`, or `RECEIPT_NOT_INCLUDED` (`bad_proof`).
 */
async function verifyPlace(
  jws: string,
  { index, inclusion_proof, checkpoint: note }: NonNullable<WireReceipt["log"]>,
  keys: TrustedKeys,
): Promise<{ readonly index: number; readonly checkpoint: Checkpoint }> {
  const checkpoint = await openCheckpoint(note, keys.logs);
  const proof = inclusion_proof.map(decodeBase64);
  const included = verifyInclusion({
    leafHash: hashLeaf(logEntryOf(jws)),
    index,
    size: checkpoint.size,
    root: checkpoint.root,
    proof: proof.flatMap((hash) => (hash?.length === HASH_BYTES ? [hash] : [])),
  });
  // A hash that does not decode must not be passed over.
  const wellFormed = proof.every((hash) => hash?.length === HASH_BYTES);
  if (!included || !wellFormed) throw new ReceiptError("bad_proof");
  return { index, checkpoint };
}

/** The members of a {@link WireReceipt}, and no others: what is not checked is not let through. */
function requireReceipt(value: unknown): WireReceipt {
  if (!isJsonObject(value) || !hasOnly(value, ["id", "jws", "log"])) throw notAReceipt();
  const { id, jws, log } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || typeof jws !== "string") throw notAReceipt();
  if (log === undefined) return { id, jws };
  if (!isJsonObject(log) || !hasOnly(log, ["index", "inclusion_proof", "checkpoint"])) {
    throw notAReceipt();
  }
  const { index, inclusion_proof, checkpoint } = log as Readonly<Record<string, unknown>>;
  const isProof =
    Array.isArray(inclusion_proof) && inclusion_proof.every((hash) => typeof hash === "string");
  if (typeof index !== "number" || !isProof || typeof checkpoint !== "string") throw notAReceipt();
  return { id, jws, log: { index, inclusion_proof: inclusion_proof as string[], checkpoint } };
}

function hasOnly(value: object, members: readonly string[]): boolean {
  return Object.keys(value).every((name) => members.includes(name));
}

function notAReceipt(): ReceiptError {
  return new ReceiptError("not_a_receipt");
}
