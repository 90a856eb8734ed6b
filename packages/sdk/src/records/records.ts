import type { ClientParts } from "../late.js";
import { deleteRecords } from "./delete.js";
import { findRecord } from "./find.js";
import { listRecords } from "./list.js";
import type { Records } from "./options.js";
import { putRecords } from "./put.js";

/** The calls behind `hp.records`. */
export function createRecords(parts: ClientParts): Records {
  return {
    put: (entries, options = {}) => putRecords(parts, entries, options),
    get: (key, options = {}) => findRecord(parts, key, options),
    list: (options = {}) => listRecords(parts, options),
    delete: (options) => deleteRecords(parts, options),
  };
}
