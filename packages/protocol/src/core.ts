// What a client cannot start without. All of it is in the root entry too; this one leaves out what
// is loaded with its first use, for a bundler loads together whatever one entry reaches.
export { documentationUrl, ERROR_CODES } from "./codes.js";
export { projectOfApiKey } from "./credential.js";
export { isId } from "./id.js";
export { canonicalJson, digestJson, isJsonObject } from "./json.js";
export { LIMITS } from "./limits.js";
export { isEmptyPatch } from "./patch.js";
export { escapePointerSegment, formatPointer } from "./pointer.js";
export { parseProblem } from "./problem.js";
export { hashSkeleton } from "./skeleton.js";
export { EXECUTION_STATUSES, isApprovedStatus, isFinalStatus, isRequestStatus } from "./status.js";
export { PRIORITIES } from "./wire.js";
