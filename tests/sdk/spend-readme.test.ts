import { expect, test } from "vitest";
import type { Child } from "../harness/child.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { readPage } from "../harness/pages.js";
import { startProgram } from "../harness/program.js";

const [, section = ""] = (await readPage("packages/sdk/README.md")).text.split("\n### Spend\n");
const examples = [...section.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
  ([, code]) => code as string,
);

async function run(name: string, code: string, holdpoint: ServedControlPlane): Promise<Child> {
  return startProgram(`spend-readme-${name}`, code, {
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_URL: holdpoint.url,
  });
}

async function approveNext(holdpoint: ServedControlPlane): Promise<string> {
  const list = async () => (await holdpoint.client().spend.list({ status: "pending" })).data;
  await expect.poll(async () => (await list()).length, { timeout: 30_000 }).toBe(1);
  const id = (await list())[0]?.requestId as string;
  await holdpoint.decide(id, { decision: "approve" });
  return id;
}

test("[G2] the README's payment does what it says, and once", async () => {
  await using holdpoint = await serveControlPlane();
  const code = examples[0] as string;
  const expected = /console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1];
  await using first = await run("guard", code, holdpoint);
  const id = await approveNext(holdpoint);
  expect(await first.nextLine()).toBe(`paying at most 12.50 EUR under ${id}`);
  expect(await first.nextLine()).toBe(expected);
  expect(await first.ended).toBe(0);
  await using second = await run("guard", code, holdpoint);
  expect(await second.nextLine()).toBe(expected);
  expect(await second.ended).toBe(0);
}, 60_000);

test("[P-SPEND-CONFIRM] the README's steps settle what was paid", async () => {
  await using holdpoint = await serveControlPlane();
  const code = `import { Holdpoint } from "@holdpoint/sdk";\nconst hp = new Holdpoint();\n${examples[1]}`;
  await using agent = await run("steps", code, holdpoint);
  const id = await approveNext(holdpoint);
  expect(await agent.ended).toBe(0);
  expect(await holdpoint.client().spend.get(id)).toMatchObject({
    status: "completed",
    actualAmount: "4.80",
  });
}, 60_000);
