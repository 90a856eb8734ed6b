import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { serveControlPlane } from "../harness/control-plane.js";

test("[S-RESUME] one process defers and ends, another waits and gets the answer", async () => {
  await using holdpoint = await serveControlPlane();
  const environment = {
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_URL: holdpoint.url,
    HOLDPOINT_ENCRYPTION_KEY: Buffer.alloc(32, 4).toString("base64url"),
  };
  await using asking = startChild("harness/agent.ts", environment, ["defer"]);
  const id = await asking.nextLine();
  expect(await asking.ended).toBe(0);

  await using waiting = startChild("harness/agent.ts", environment, ["wait", id]);
  expect(await waiting.nextLine()).toBe("waiting");
  await holdpoint.decide(id, { decision: "approve", reason: "Go." });
  expect(JSON.parse(await waiting.nextLine())).toMatchObject({
    id,
    approved: true,
    approvedPayload: { amount: 7 },
    reason: "Go.",
  });
  expect(await waiting.ended).toBe(0);
});
