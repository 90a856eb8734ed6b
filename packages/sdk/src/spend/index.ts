// Loaded with the first call to `hp.spend`.
export { createSpend } from "./spend.js";
