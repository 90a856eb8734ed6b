// Loaded with the first call that only looks.
export { fetchCorrections } from "./corrections.js";
export { fetchIdentity } from "./identity.js";
export { createRequests } from "./requests.js";
