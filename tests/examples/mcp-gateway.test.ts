import { expect, test } from "vitest";
import { type Child, startChild } from "../harness/child.js";
import { serveControlPlane } from "../harness/control-plane.js";

test("[G2] the agent behind the gateway sends what a person made of it, once", {
  timeout: 120_000,
}, async () => {
  await using holdpoint = await serveControlPlane();
  await using agent = startChild(
    "../examples/mcp-gateway/agent.ts",
    {
      HOLDPOINT_URL: holdpoint.url,
      HOLDPOINT_API_KEY: holdpoint.apiKey,
      HOLDPOINT_OPERATOR_TOKEN: holdpoint.operatorToken,
    },
    ["--auto"],
  );
  const text = await readAll(agent);
  expect(await agent.ended).toBe(0);
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

/** All it prints until it ends. */
async function readAll(child: Child): Promise<string> {
  const lines: string[] = [];
  for (;;) {
    const line = await child.nextLine().catch(() => undefined);
    if (line === undefined) return lines.join("\n");
    lines.push(line);
  }
}
