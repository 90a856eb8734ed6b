// Loaded with the first webhook.
export { createUnwrap } from "./event.js";
export { createHandler } from "./handler.js";
