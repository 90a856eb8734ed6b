// Loaded with the first call of a guarded function.
export { runGuarded } from "./guard.js";
