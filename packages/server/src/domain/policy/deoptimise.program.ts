// Asks Cedar until V8 has optimised the asking, and has it give that up in the middle of a question.
import { callCedar } from "./cedar.js";

const POLICY = { staticPolicies: "permit (principal, action, resource);" };

const answer = callCedar((cedar) => {
  cedar.preparsePolicySet("all", POLICY);
  const asked = cedar.statefulIsAuthorized;
  let isArmed = false;
  const question = {
    principal: { type: "Agent", id: "a" },
    action: { type: "Action", id: "ask" },
    resource: { type: "Intent", id: "a/b" },
    get context() {
      // What the optimised code took for constant is changed, and changed back.
      if (isArmed) Object.assign(cedar, { statefulIsAuthorized: () => asked(question) });
      if (isArmed) Object.assign(cedar, { statefulIsAuthorized: asked });
      return {};
    },
    entities: [],
    preparsedPolicySetId: "all",
  };
  const ask = () => cedar.statefulIsAuthorized(question);
  for (let times = 0; times < 60_000; times++) ask();
  isArmed = true;
  return ask();
});
console.log(answer.type);
