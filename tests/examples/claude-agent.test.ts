import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { serveControlPlane } from "../harness/control-plane.js";
import { findFreePort } from "../harness/port.js";

/** What a person is asked and does, and what then becomes of the call. */
const EDITED = [
  /\/requests\/req_\w+$/,
  /a person lowers it to 10000 cents, and approves$/,
  /the model read: Sent 10000 cents to Ada\.$/,
  /Changed \/cents from 12500 to 10000\./,
  /The person's comment: The lamp was used\.$/,
];

test("[G2] a gated Claude waits in its process, and is deferred and goes on in another; each edit runs once", {
  timeout: 180_000,
}, async () => {
  await using holdpoint = await serveControlPlane({ allowLoopbackWebhooks: true });
  const environment = {
    HOLDPOINT_URL: holdpoint.url,
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_OPERATOR_TOKEN: holdpoint.operatorToken,
    PORT: String(await findFreePort()),
  };
  await using story = startChild("../examples/claude-agent/story.ts", environment, ["--auto"]);
  const told = await readAll(story.nextLine);
  expect(await story.ended).toBe(0);

  const split = told.findIndex((line) => line.startsWith("2. "));
  for (const part of [told.slice(0, split), told.slice(split)]) {
    for (const line of EDITED) expect(part.filter((each) => line.test(each))).toHaveLength(1);
  }
  expect(told.filter((line) => line.endsWith("has ended: tool_deferred"))).toHaveLength(1);
  expect(told.at(-1)).toMatch(/finished$/);
});

async function readAll(nextLine: () => Promise<string>): Promise<readonly string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await nextLine().catch(() => undefined);
    if (line === undefined) return lines;
    lines.push(line);
  }
}
