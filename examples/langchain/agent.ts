import { HoldpointCheckpointSaver } from "@holdpoint/langchain";
import { holdpointMiddleware } from "@holdpoint/langchain/middleware";
import { createAgent } from "langchain";
import { createModel } from "./model.js";
import { gate, tools } from "./tools.js";

/** The same in both processes: what it remembers lies with the control plane. */
export const agent = createAgent({
  model: createModel(),
  tools,
  middleware: [holdpointMiddleware({ ...gate, mode: "interrupt" })],
  checkpointer: new HoldpointCheckpointSaver(),
});
