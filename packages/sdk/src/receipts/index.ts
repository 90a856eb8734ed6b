// Loaded with the first call to `hp.receipts`.
export { createReceipts } from "./receipts.js";
