import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REFUND, readAnswer } from "../../testing/answer.js";
import { connectInMemory, type TestClient } from "../../testing/connect.js";
import { createHoldpointMcpServer } from "../create.js";

let plane: TestControlPlane;
let connected: TestClient;
beforeEach(async () => {
  plane = await createTestControlPlane();
  const { apiKey, url: baseUrl, fetch } = plane;
  connected = await connectInMemory(createHoldpointMcpServer({ apiKey, baseUrl, fetch }));
});
afterEach(async () => {
  await connected[Symbol.asyncDispose]();
  await plane.close();
});

const list = async () => readAnswer(await connected.client.callTool({ name: "list_pending" }));

describe("list_pending", () => {
  test("says plainly when there is none", async () => {
    expect(await list()).toEqual({
      text: "No request of this agent waits for a person.",
      isError: false,
      data: { requests: [], total: 0 },
    });
  });

  test("lists this agent's undecided requests, oldest first", async () => {
    const hp = plane.client();
    const first = await hp.defer({ ...REFUND, priority: "low", role: "finance" });
    const decided = await hp.defer(REFUND);
    await plane.approve(decided.id);
    const apiKey = await plane.createApiKey("another-agent");
    await plane.client({ apiKey }).defer(REFUND);
    const second = await hp.defer({ ...REFUND, action: "payout", priority: "critical" });
    const { text, data } = await list();
    expect(data).toMatchObject({
      total: 2,
      requests: [
        {
          request_id: first.id,
          action: "refund",
          priority: "low",
          role: "finance",
          url: first.url,
        },
        { request_id: second.id, action: "payout", priority: "critical" },
      ],
    });
    const lines = text.split("\n");
    expect(lines[0]).toMatch(/^2 requests of this agent wait for a person, oldest first/);
    expect(lines[1]).toMatch(
      new RegExp(`^${first.id}  billing / refund  \\(low, asked \\d seconds? ago\\)  http`),
    );
  });

  test("shows the 50 oldest of many, across pages", async () => {
    const hp = plane.client();
    const first = await hp.defer(REFUND);
    for (let batch = 0; batch < 4; batch += 1) {
      await Promise.all(Array.from({ length: 26 }, () => hp.defer(REFUND)));
    }
    const { text, data } = await list();
    const { requests, total } = data as { requests: { request_id: string }[]; total: number };
    expect(total).toBe(105);
    expect(requests).toHaveLength(50);
    expect(requests[0]?.request_id).toBe(first.id);
    expect(text).toContain("… and 55 newer.");
  });
});
