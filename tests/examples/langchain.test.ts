import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { serveControlPlane } from "../harness/control-plane.js";
import { findFreePort } from "../harness/port.js";

test("[P-ADAPTERS] [G2] the LangChain agent waits in one process, and is resumed in another", {
  timeout: 120_000,
}, async () => {
  await using holdpoint = await serveControlPlane({ allowLoopbackWebhooks: true });
  const environment = {
    HOLDPOINT_URL: holdpoint.url,
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_OPERATOR_TOKEN: holdpoint.operatorToken,
    PORT: String(await findFreePort()),
  };
  await using story = startChild("../examples/langchain/story.ts", environment, ["--auto"]);
  const told: string[] = [];
  for (;;) {
    const line = await story.nextLine().catch(() => undefined);
    if (line === undefined) break;
    told.push(line);
  }
  expect(await story.ended, story.errors()).toBe(0);
  const text = told.join("\n");
  expect(text).toContain("I was told: STOP: a person rejected billing / refund.");
  expect(text).toContain("Ask for a photo first.");
  expect(text).toMatch(/resumed the graph:\n\n.*I was told: Paid: .*"amountMinor":10000/);
  const folder = /Payments are in (.*)\.$/.exec(told.at(-1) ?? "")?.[1] as string;
  const payments = await readdir(folder);
  expect(payments).toHaveLength(1);
  expect(await readFile(`${folder}/${payments[0]}`, "utf8")).toContain('"amountMinor":10000');
});
