import { join } from "node:path";
import { Holdpoint } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";
import { findFreePort } from "../harness/port.js";

interface Server {
  readonly url: string;
  readonly apiKey: string;
  readonly operatorToken: string;
}

test("[G3] [S-RESUME] an agent that waits while the server is killed and started again gets the answer", async () => {
  await using folder = await createFolder();
  const masterKey = Buffer.alloc(32, 8).toString("base64url");
  const port = await findFreePort();
  const args = [join(folder.path, "holdpoint.db"), masterKey, String(port)];
  const first = startChild("harness/server.ts", {}, args);
  const { url, apiKey } = JSON.parse(await first.nextLine()) as Server;
  const hp = new Holdpoint({ baseUrl: url, apiKey });
  const answer = hp.ask({ service: "billing", action: "refund", payload: { amount: 7 } });
  const count = async () => (await hp.requests.list()).data.length;
  await expect.poll(count, { timeout: 20_000 }).toBe(1);
  const id = (await hp.requests.list()).data[0]?.id;
  await first[Symbol.asyncDispose]();

  await using second = startChild("harness/server.ts", {}, args);
  const { operatorToken } = JSON.parse(await second.nextLine()) as Server;
  const response = await fetch(`${url}/v1/requests/${id}/decision`, {
    method: "POST",
    headers: { authorization: `Bearer ${operatorToken}`, "content-type": "application/json" },
    body: JSON.stringify({ decision: "approve", revision: 1 }),
  });
  expect(response.status).toBe(200);
  expect(await answer).toMatchObject({ approved: true, approvedPayload: { amount: 7 } });
});
