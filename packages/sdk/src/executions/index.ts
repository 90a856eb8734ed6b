// Loaded with the first call to `hp.executions` or of a guarded function.
export { createExecutions } from "./executions.js";
