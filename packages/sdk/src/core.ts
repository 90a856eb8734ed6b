// What late-loaded code takes from the root entry. Every late entry that needs any of it imports
// it from here, and so reaches all of it: a bundler cuts the root wherever one late entry reaches
// less of it than another, and every cut costs bytes. bundle.test.ts counts the pieces.
export { diffPayload, isEnvelope } from "@holdpoint/protocol";
export {
  canonicalJson,
  digestJson,
  formatPointer,
  isId,
  isJsonObject,
  LIMITS,
} from "@holdpoint/protocol/core";
export { Cipher } from "./encryption/cipher.js";
export { HoldpointError } from "./errors/base.js";
export { ConflictError } from "./errors/conflict.js";
export { DecryptionError, EncryptionError } from "./errors/encryption.js";
export { NotFoundError } from "./errors/not-found.js";
export { invalidResponse } from "./errors/response.js";
export { ValidationError } from "./errors/validation.js";
export { Holdpoint } from "./holdpoint.js";
export { openPatch, openPayload } from "./requests/answer.js";
export { cancelRequest, fetchRequest } from "./requests/calls.js";
export { invalidInput, requireInteger, requireRequestId } from "./requests/check.js";
export { createId, formatId } from "./requests/id.js";
export { toJson } from "./requests/json.js";
export { parseRequest } from "./requests/wire.js";
