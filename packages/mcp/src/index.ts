export { createHoldpointMcpServer, type HoldpointMcpServerFactory } from "./server/create.js";
export type { HoldpointMcpServerOptions } from "./server/options.js";
