export { ATTACKS, type Attack, type AttackId } from "./attacks.js";
export type {
  AdapterDriver,
  Answers,
  DurableDriver,
  Parked,
  Scene,
  SceneCall,
  SceneTool,
} from "./driver.js";
export { adapterConformance } from "./suite.js";
