import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import { startProgram } from "../harness/program.js";

const guide = fileURLToPath(new URL("../../docs/guides/exactly-once.md", import.meta.url));

test("[G2] the guide's first example does what it says", async () => {
  const [, code] = /^```ts\n([\s\S]*?)^```/m.exec(await readFile(guide, "utf8")) ?? [];
  await using holdpoint = await serveControlPlane();
  await using agent = await startProgram("exactly-once", code as string, {
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_URL: holdpoint.url,
  });
  const hp = holdpoint.client();
  await expect
    .poll(async () => (await hp.requests.list()).data.length, { timeout: 30_000 })
    .toBe(1);
  const id = (await hp.requests.list()).data[0]?.id as string;
  await holdpoint.decide(id, { decision: "approve" });
  expect(await agent.nextLine()).toBe(`refunding 500 for A-1042 under ${id}`);
  expect(await agent.nextLine()).toBe("{ refunded: 500 }");
  expect(await agent.nextLine()).toBe("{ refunded: 500 }");
  expect(await agent.ended).toBe(0);
});
