export { loadServeConfig, type ServeConfig } from "./config/serve.js";
export { type Admin, type ControlPlane, createControlPlane } from "./control-plane.js";
export type { Clock } from "./domain/clock.js";
export type { RateLimits } from "./http/limits.js";
export type { Logger } from "./http/log.js";
export type { ControlPlaneOptions } from "./options.js";
export { MasterKeyError, StoreError, type StoreErrorCode } from "./store/errors.js";
