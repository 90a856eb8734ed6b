export type { HoldpointCheckpointSaverOptions } from "./checkpoint/options.js";
export { HoldpointCheckpointSaver } from "./checkpoint/saver.js";
