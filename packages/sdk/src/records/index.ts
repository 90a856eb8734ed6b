// Loaded with the first call to `hp.records`.
export { createRecords } from "./records.js";
