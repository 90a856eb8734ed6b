// Loaded with the first edit: most answers come without.
export { diffPayload } from "../core.js";
