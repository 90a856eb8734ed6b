export {
  createTestControlPlane,
  type TestControlPlane,
  type TestControlPlaneOptions,
} from "./control-plane.js";
export { OperatorRefusedError } from "./operator.js";
export type { DecisionScript, ScriptedAnswer, TestDecision } from "./script.js";
export { RequestAwaitedError, type RequestMatch } from "./waiting.js";
