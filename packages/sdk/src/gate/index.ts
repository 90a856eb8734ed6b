// Loaded with the first call to `hp.gate`, and with the first call at all of a client that has a key of
// its own.

export { connectionOf } from "./connection.js";
export { createGate } from "./gate.js";
