import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { startProgram } from "../harness/program.js";

const readme = fileURLToPath(new URL("../../packages/sdk/README.md", import.meta.url));
const guide = fileURLToPath(new URL("../../docs/guides/records.md", import.meta.url));

async function run(name: string, code: string, holdpoint: ServedControlPlane) {
  return startProgram(name, code, {
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_URL: holdpoint.url,
  });
}

test("the guide's example prints what its comments say", async () => {
  const [, code = ""] = /^```ts\n([\s\S]*?)^```/m.exec(await readFile(guide, "utf8")) ?? [];
  await using holdpoint = await serveControlPlane();
  await using agent = await run("records", code, holdpoint);
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);
  expect(expected).toHaveLength(3);
  for (const line of expected) expect(await agent.nextLine()).toBe(line);
  expect(await agent.ended).toBe(0);
});

test.each([
  ["Records", "data[0]?.value.step", "42"],
  ["What needs no approval", "[sent, dropped, pending]", "1,0,0"],
])("the README's example runs: %s", async (heading, result, expected) => {
  const text = await readFile(readme, "utf8");
  const [, code] = text.split(`### ${heading}\n`)[1]?.match(/^```ts\n([\s\S]*?)^```/m) ?? [];
  const prelude = `import { Holdpoint } from "@holdpoint/sdk";\nconst hp = new Holdpoint();\n`;
  await using holdpoint = await serveControlPlane();
  const program = `${prelude}${code}\nconsole.log(String(${result}));\n`;
  await using agent = await run(heading.replaceAll(" ", "-"), program, holdpoint);
  expect(await agent.nextLine()).toBe(expected);
  expect(await agent.ended).toBe(0);
});
