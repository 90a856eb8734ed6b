export { type EnvelopeKey, importEnvelopeKey } from "./key.js";
export { EnvelopeOpenError, type OpenFault, openEnvelope } from "./open.js";
export { sealEnvelope } from "./seal.js";
