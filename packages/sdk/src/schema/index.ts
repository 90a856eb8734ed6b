// Loaded by dynamic import with the first schema: it carries a JSON Schema validator.
export { checkValue } from "./check.js";
export { type CompiledSchema, compileJsonSchema, compileSchema } from "./compile.js";
