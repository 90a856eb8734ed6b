// Loaded with the first call of a tool.
export { callTool } from "./tool.js";
