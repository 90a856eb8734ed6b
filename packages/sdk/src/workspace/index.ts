// Loaded when an agent enrols.
export { enrol } from "./create.js";
