// Loaded with the first request that carries a key.
export { findRequestId } from "./find.js";
export { keySubject } from "./subject.js";
