import { fileURLToPath } from "node:url";
import { createDocumentation, SLOW } from "@holdpoint/adapter-conformance/documentation";
import { expect, test } from "vitest";

const home = fileURLToPath(new URL("..", import.meta.url));
const GUIDE = `${home}../../docs/get-started/openai-agents.md`;
const documentation = await createDocumentation(home);
const readme = await documentation.blocksOf(`${home}README.md`);

test("the README has its examples", () => {
  expect(readme.map((code) => code.split("\n", 1)[0])).toEqual([
    'import { gateTools } from "@holdpoint/openai-agents";',
    "gateTools([refund, lookUp], {",
    'import { createHoldpointTool } from "@holdpoint/openai-agents";',
    'import { createSpendTools } from "@holdpoint/openai-agents";',
    'import { gateActions } from "@holdpoint/openai-agents";',
    "// agent.ts",
    "// start.ts",
    "// route.ts",
  ]);
});

test("a gated tool runs once it is approved", SLOW, async () => {
  expect(await documentation.play("gate.mts", readme[0] as string)).toBe("It is done.\n");
});

test("a policy goes with it", SLOW, async () => {
  const code = `${readme[0]}\nconst lookUp = tool({ name: "look_up", description: "Looks up.", parameters: z.object({}), execute: async () => "" });\n${readme[1]}`;
  expect(await documentation.play("policy.mts", code)).toBe("It is done.\n");
});

test("the model asks by itself", SLOW, async () => {
  const code = readme[2] as string;
  expect(await documentation.play("ask.mts", code, { TOOL: "request_approval" })).toBe(
    "It is done.\n",
  );
});

test("the model asks for money", SLOW, async () => {
  const code = `${readme[3]}\nconsole.log(JSON.stringify(result.history));`;
  const output = await documentation.play("spend.mts", code, { TOOL: "request_purchase" });
  expect(output).toMatch(/^It is done\.\n.*"WAIT: a person has to decide on 12\.50 EUR/);
});

test("the model uses actions of the gate", SLOW, async () => {
  const code = `${readme[4]}\nconsole.log(JSON.stringify(result.history));\nprocess.exit(0);`;
  const output = await documentation.play("act.mts", code, { TOOL: "open-ticket" });
  expect(output).toMatch(/^It is done\.\n.*\\"number\\":1/);
});

test("a run is parked, and a handler waits for its webhook", SLOW, async () => {
  for (const code of readme.slice(5)) {
    await documentation.write(`${/^\/\/ (\w+)\.ts$/m.exec(code)?.[1]}.mts`, code);
  }
  const lines = await documentation.playDurable();
  expect(lines).toEqual([expect.stringMatching(/\/requests\/req_\w+$/), "401"]);
});

test("the page on getting started prints what it says", SLOW, async () => {
  const [program] = await documentation.blocksOf(GUIDE);
  await documentation.expectAsSaid(GUIDE, "start-here.mts", program as string);
});
