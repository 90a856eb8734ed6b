export { POLICY_SCHEMA } from "./schema.js";
export { POLICY_TEMPLATES, type PolicyTemplate } from "./templates.js";
export type {
  WireCheckPolicy,
  WireExplainPolicy,
  WirePolicy,
  WirePolicyChange,
  WirePolicyCheck,
  WirePolicyExplanation,
  WirePolicyProblem,
  WirePolicyStatement,
  WirePolicyTrial,
  WireSetPolicy,
  WireTryPolicy,
} from "./wire.js";
