// Loaded with the first call that only looks: asking and waiting do without. Nothing here imports
// code from outside, which would be cut out of the root entry into a chunk of its own.
export { readCorrection } from "./correction.js";
export { readIdentity } from "./identity.js";
export { viewRequest } from "./request.js";
