import type { ErrorCode } from "../codes.js";

/** Every way evidence is refused: a fixed reason word, its public code, and what it means. */
const FAULTS = {
  not_a_receipt: [
    "RECEIPT_MALFORMED",
    "Expected { id, jws, log? } as GET /v1/receipts/:id answers",
  ],
  not_a_jws: ["RECEIPT_MALFORMED", "Expected a JWS in compact form (RFC 7515 §7.1)"],
  bad_header: [
    "RECEIPT_MALFORMED",
    'Expected exactly the header {"alg":"EdDSA","kid":…,"typ":"holdpoint-receipt+jws"}',
  ],
  not_canonical: ["RECEIPT_MALFORMED", "Expected canonical JSON (RFC 8785), got another writing"],
  bad_content: ["RECEIPT_MALFORMED", "Expected the members of a receipt of version 1"],
  id_differs: ["RECEIPT_MALFORMED", "The receipt is filed under another id than the signed one"],
  bad_signature: ["RECEIPT_SIGNATURE_INVALID", "The signature is not this key's over this receipt"],
  unknown_key: [
    "RECEIPT_KEY_UNKNOWN",
    "The receipt names a key that is not among the trusted ones",
  ],
  retired_key: ["RECEIPT_KEY_RETIRED", "The receipt is dated after its key was retired"],
  other_project: ["RECEIPT_PROJECT_WRONG", "The receipt belongs to another project"],
  content_differs: ["RECEIPT_DIGEST_WRONG", "The content is not what was signed"],
  not_logged: ["RECEIPT_NOT_INCLUDED", "The receipt brings no proof that the log holds it"],
  bad_proof: ["RECEIPT_NOT_INCLUDED", "The proof does not lead from the receipt to the log's root"],
  dropped: ["RECEIPT_NOT_INCLUDED", "A leaf is missing from the ledger"],
  reordered: ["RECEIPT_NOT_INCLUDED", "The ledger's leaves are not in the log's order"],
  inserted: ["RECEIPT_NOT_INCLUDED", "The ledger has a leaf that the log does not have"],
  altered: ["RECEIPT_NOT_INCLUDED", "The ledger's leaf is not the log's"],
  root_differs: ["RECEIPT_NOT_INCLUDED", "The ledger's leaves do not make up the log's root"],
  not_a_note: ["CHECKPOINT_INVALID", "Expected a signed note (C2SP signed-note)"],
  not_a_checkpoint: ["CHECKPOINT_INVALID", "Expected a checkpoint (C2SP tlog-checkpoint)"],
  unknown_log_key: ["CHECKPOINT_INVALID", "The checkpoint has no signature by a trusted log key"],
  bad_note_signature: ["CHECKPOINT_INVALID", "The checkpoint's signature is not its log's"],
  other_origin: ["CHECKPOINT_INVALID", "The checkpoint is another log's"],
  not_an_extension: ["LOG_FORKED", "The newer tree does not contain the older one"],
  rolled_back: ["LOG_FORKED", "The log shows fewer entries than it has shown before"],
  root_contradicted: ["LOG_FORKED", "The log's entries do not make up the root it signed"],
  tile_contradicted: ["LOG_FORKED", "A tile of the log does not follow from its entries"],
  resource_missing: ["LOG_FORKED", "The log withholds entries that it signed for"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type ReceiptFault = keyof typeof FAULTS;
export type ReceiptErrorCode = (typeof FAULTS)[ReceiptFault][0];

/**
 * Evidence that does not hold. Fixed words only: nothing of what was read slips into the message.
 */
export class ReceiptError extends Error {
  override readonly name = "ReceiptError" as const;
  readonly code: ReceiptErrorCode;
  /** Why, more precisely than {@link code}. */
  readonly fault: ReceiptFault;
  /** The leaf it is about, where known: counted from 0 as the log does. */
  readonly index: number | undefined;
  /** The member whose digest or value differs (`content_differs`). */
  readonly field: string | undefined;

  constructor(fault: ReceiptFault, at: { readonly index?: number; readonly field?: string } = {}) {
    const [code, meaning] = FAULTS[fault];
    const place = at.index === undefined ? "" : ` at index ${at.index}`;
    const part = at.field === undefined ? "" : ` (${at.field})`;
    super(`${meaning}${part}${place}.`);
    this.code = code;
    this.fault = fault;
    this.index = at.index;
    this.field = at.field;
  }

  /** The same refusal, said of the leaf at `index`. */
  at(index: number): ReceiptError {
    return new ReceiptError(this.fault, {
      index,
      ...(this.field !== undefined && { field: this.field }),
    });
  }
}
