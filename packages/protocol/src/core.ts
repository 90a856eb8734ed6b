// What a client cannot start without: enough to send a call and to name what went wrong. All of it
// is in the root entry too; a bundler loads together whatever one entry reaches.
export { documentationUrl, ERROR_CODES } from "./codes.js";
export { projectOfApiKey } from "./credential.js";
export { LIMITS } from "./limits.js";
export { parseProblem } from "./problem.js";
