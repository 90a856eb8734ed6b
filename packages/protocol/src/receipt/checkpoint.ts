import { decodeBase64, equalBytes } from "./bytes.js";
import { ReceiptError } from "./error.js";
import { emptyRoot, HASH_BYTES, type Hash } from "./hash.js";
import { type NoteKey, openNote } from "./note.js";
import { verifyConsistency } from "./proof.js";

/** What a log signed: that its first `size` entries have this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

/**
 * Opens a checkpoint signed by a trusted log key, whose name must be the checkpoint's origin.
 *
 * @throws {ReceiptError} `CHECKPOINT_INVALID`.
 * @see https://c2sp.org/tlog-checkpoint
 */
export async function openCheckpoint(note: string, keys: readonly NoteKey[]): Promise<Checkpoint> {
  const { text, signers } = await openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  // A key vouches for the log it is named after: one that signs for several could mix them up.
  if (!signers.some(({ name }) => name === checkpoint.origin)) {
    throw new ReceiptError("other_origin");
  }
  return checkpoint;
}

/**
 * Reads the text of a checkpoint, which its signature must have been verified over.
 *
 * @throws {ReceiptError} `CHECKPOINT_INVALID` (`not_a_checkpoint`).
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  const complete = lines.pop() === "" && lines.length >= 3 && !lines.includes("");
  const [origin = "", sizeText = "", rootText = ""] = lines;
  const size = /^(0|[1-9]\d*)$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  const root = decodeBase64(rootText);
  if (!complete || !Number.isSafeInteger(size) || root?.length !== HASH_BYTES) {
    throw new ReceiptError("not_a_checkpoint");
  }
  return { origin, size, root };
}

/**
 * Checks that two checkpoints of one log tell one story.
 *
 * @param proof - The consistency proof between their sizes (RFC 9162 §2.1.4). Empty when the sizes
 *   are equal: then the roots alone tell.
 * @throws {ReceiptError} `CHECKPOINT_INVALID` (`other_origin`): they are not of one log.
 *   `LOG_FORKED` (`not_an_extension`): keep both, together they prove that the log has lied.
 */
export function requireConsistent(
  one: Checkpoint,
  other: Checkpoint,
  proof: readonly Hash[] = [],
): void {
  if (one.origin !== other.origin) throw new ReceiptError("other_origin");
  const [older, newer] = one.size <= other.size ? [one, other] : [other, one];
  const consistent =
    older.size === 0
      ? isEmptyTree(older)
      : verifyConsistency({
          oldSize: older.size,
          oldRoot: older.root,
          newSize: newer.size,
          newRoot: newer.root,
          proof,
        });
  if (!consistent) throw new ReceiptError("not_an_extension");
}

/** Every tree grows out of the empty one, whose root is fixed. */
function isEmptyTree({ size, root }: Checkpoint): boolean {
  return size === 0 && equalBytes(root, emptyRoot());
}

/** Tells whether two checkpoints say the same. */
export function isSameCheckpoint(one: Checkpoint, other: Checkpoint): boolean {
  return one.origin === other.origin && one.size === other.size && equalBytes(one.root, other.root);
}
