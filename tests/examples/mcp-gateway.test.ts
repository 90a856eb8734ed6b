import { expect, test } from "vitest";
import { playStory } from "../harness/story.js";

test("[P-GATEWAY] [G2] the agent behind the gateway sends what a person made of it, once", {
  timeout: 120_000,
}, async () => {
  const text = (await playStory("mcp-gateway/agent.ts")).join("\n");
  expect(text).toMatch(/^tools {5}bank__read_balance, bank__transfer, holdpoint__check_request$/m);
  expect(text).toMatch(/^balance {3}The balance is 1000\.$/m);
  expect(text).toMatch(
    /^close {5}ACTION_REJECTED: the policy does not allow bank \/ close_account/m,
  );
  expect(text).toMatch(/^transfer {2}PENDING: a person has to decide bank \/ transfer first/m);
  expect(text).toMatch(/^transfer {2}Sent 200 to Ada\.$/m);
  expect(text).toContain("The rest next month.");
  expect(text).toMatch(/^balance {3}The balance is 800\.$/m);
});
