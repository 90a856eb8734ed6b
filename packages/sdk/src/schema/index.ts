// Loaded by load.ts with the first schema.
export { checkValue } from "./check.js";
export { compileJsonSchema, compileSchema } from "./compile.js";
export { SchemaFault } from "./fault.js";
