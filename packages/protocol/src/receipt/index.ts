export { type AuditedLog, type AuditLogOptions, auditLog } from "./audit.js";
export {
  type Checkpoint,
  isSameCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  requireConsistent,
} from "./checkpoint.js";
export { isRequestReceipt } from "./content.js";
export { compareSubject, type DigestReport, type ReceiptSubject } from "./contents.js";
export { ReceiptError, type ReceiptErrorCode, type ReceiptFault } from "./error.js";
export { type Hash, hashLeaf, hashNode, logEntryOf } from "./hash.js";
export { importTrustedKeys, type ReceiptKey, type TrustedKeys } from "./keys.js";
export {
  type LedgerLine,
  type LedgerReceipt,
  type LedgerSkip,
  type VerifiedLedger,
  type VerifyLedgerOptions,
  verifyLedger,
} from "./ledger.js";
export { importVerifierKey, type NoteKey, openNote } from "./note.js";
export {
  type Consistency,
  type Inclusion,
  verifyConsistency,
  verifyInclusion,
} from "./proof.js";
export { RECEIPT_ALGORITHM, RECEIPT_TYPE } from "./signature.js";
export { entriesPath, parseEntries, parseTile, TILE_WIDTH, tilePath, tileWidth } from "./tile.js";
export { coverRange, GrowingTree, rootOf } from "./tree.js";
export { type VerifiedReceipt, type VerifyReceiptOptions, verifyReceipt } from "./verify.js";
