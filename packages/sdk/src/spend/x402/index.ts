// Loaded with the first call of a fetch that pays.
export { fetchAndPay } from "./pay.js";
export { createPayer } from "./payer.js";
