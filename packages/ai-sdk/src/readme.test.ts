import { fileURLToPath } from "node:url";
import { createDocumentation, SLOW } from "@holdpoint/adapter-conformance/documentation";
import { expect, test } from "vitest";

const home = fileURLToPath(new URL("..", import.meta.url));
const GUIDE = `${home}../../docs/get-started/ai-sdk.md`;
const documentation = await createDocumentation(home);
const readme = await documentation.blocksOf(`${home}README.md`);

test("the README has its examples", () => {
  expect(readme.map((code) => code.split("\n", 1)[0])).toEqual([
    'import { gateTools } from "@holdpoint/ai-sdk";',
    "gateTools(",
    'import { holdpoint } from "@holdpoint/ai-sdk";',
    'import { createSpendTools } from "@holdpoint/ai-sdk";',
    'import { gateActions } from "@holdpoint/ai-sdk";',
    "// agent.ts",
    "// start.ts",
    "// route.ts",
  ]);
});

test("a gated tool runs once it is approved", SLOW, async () => {
  expect(await documentation.play("gate.mts", readme[0] as string)).toBe("It is done.\n");
});

test("a policy goes with it", SLOW, async () => {
  const lookUp = `const lookUp = tool({ inputSchema: z.object({}), execute: async () => "" });`;
  const output = await documentation.play("policy.mts", `${readme[0]}\n${lookUp}\n${readme[1]}`);
  expect(output).toBe("It is done.\n");
});

test("the model asks by itself", SLOW, async () => {
  expect(await documentation.play("ask.mts", readme[2] as string, { TOOL: "askHuman" })).toBe(
    "It is done.\n",
  );
});

test("the model asks for money", SLOW, async () => {
  const spend = readme[3] as string;
  const code = `${spend.replace("{ text }", "{ text, steps }")}
console.log(steps[0]?.toolResults[0]?.output);`;
  const output = await documentation.play("spend.mts", code, { TOOL: "request_purchase" });
  expect(output).toMatch(/^It is done\.\nWAIT: a person has to decide on 12\.50 EUR/);
});

test("the model uses actions of the gate", SLOW, async () => {
  const act = readme[4] as string;
  const code = `${act.replace("{ text }", "{ text, steps }")}
console.log(steps[0]?.toolResults[0]?.output);
process.exit(0);`;
  const output = await documentation.play("act.mts", code, { TOOL: "open-ticket" });
  expect(output).toMatch(/^It is done\.\n.*"title":"The printer is out of paper"/);
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
  await documentation.expectAsSaid(GUIDE, "start-here.mjs", program as string);
});
