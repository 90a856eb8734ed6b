// Loaded with the first call to `hp.spend.escrow`.
export { createEscrows } from "./escrows.js";
