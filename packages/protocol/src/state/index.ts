export { type DecryptStateOptions, decryptState } from "./decrypt.js";
export { type EncryptStateOptions, encryptState } from "./encrypt.js";
export { type StateFault, StateOpenError } from "./fault.js";
export {
  encryptedStateBytes,
  STATE_KEY_BYTES,
  STATE_NONCE_PREFIX_BYTES,
  STATE_SALT_BYTES,
  STATE_SEGMENT_BYTES,
  type StateBinding,
} from "./header.js";
export type { ByteSource } from "./source.js";
