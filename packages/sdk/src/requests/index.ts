// Loaded with the first request.
export { HoldpointError } from "../core.js";
export { ask, defer, wait } from "./ask.js";
