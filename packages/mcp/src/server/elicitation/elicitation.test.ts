import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { REFUND, readAnswer } from "../../testing/answer.js";
import { type ConnectOptions, connectHttp, connectInMemory } from "../../testing/connect.js";
import { createHoldpointMcpServer } from "../create.js";
import { listenHttp } from "../http/listen.js";
import type { HoldpointMcpServerOptions } from "../options.js";

let plane: TestControlPlane;
const cleanup: (() => Promise<void>)[] = [];
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(async () => {
  for (const each of cleanup.splice(0).reverse()) await each();
  await plane.close();
});

const factoryOf = (options: HoldpointMcpServerOptions) =>
  createHoldpointMcpServer({
    apiKey: plane.apiKey,
    baseUrl: plane.url,
    fetch: plane.fetch,
    ...options,
  });

async function connect(
  transport: "stdio" | "http",
  options: HoldpointMcpServerOptions,
  client: ConnectOptions,
) {
  const factory = factoryOf(options);
  if (transport === "stdio") return keep(await connectInMemory(factory, client));
  const listener = await listenHttp(factory, { port: 0, onError: () => {} });
  cleanup.push(() => listener.close());
  return keep(await connectHttp(listener.url, client));
}

function keep<Connected extends AsyncDisposable>(connected: Connected): Connected {
  cleanup.push(async () => connected[Symbol.asyncDispose]());
  return connected;
}

/** Longer than anything here takes, also on a busy machine. */
const SOON = { timeout: 10_000 };

const call = { name: "ask_human", arguments: REFUND };

describe.each(["stdio", "http"] as const)("over %s", (transport) => {
  test.each(["legacy", "modern"] as const)(
    "[G4] %s client that opens no links: PENDING",
    async (era) => {
      const { client } = await connect(transport, { waitMs: 0 }, { era });
      expect(readAnswer(await client.callTool(call)).text).toMatch(/^PENDING:/);
    },
  );

  test("modern client: waits, then has the link opened, then waits again", async () => {
    const onLink = async () => plane.approve((await plane.waitForRequest()).id);
    const connected = await connect(transport, { waitMs: 100 }, { era: "modern", onLink });
    const answer = connected.client.callTool(call);
    const { id, url } = await plane.waitForRequest();
    expect(readAnswer(await answer).data).toMatchObject({ status: "APPROVED", request_id: id });
    expect(connected.links).toEqual([
      { url, message: expect.stringContaining("billing / refund") },
    ]);
  });

  test("[G4] [G5] modern client: its accept is no approval, and it is asked once", async () => {
    const options = { waitMs: 100 };
    const connected = await connect(transport, options, { era: "modern", onLink: "accept" });
    expect(readAnswer(await connected.client.callTool(call)).text).toMatch(/^PENDING:/);
    expect(connected.links).toHaveLength(1);
    expect(await plane.pending()).toHaveLength(1);
  });

  test("modern client: its decline is no rejection, and nobody is waited for again", async () => {
    const waits: (string | null)[] = [];
    const watched: typeof fetch = (input, init) => {
      const { url } = new Request(input, init);
      waits.push(new URL(url).searchParams.get("wait_ms"));
      return plane.fetch(input, init);
    };
    const options = { waitMs: 100, fetch: watched };
    const connected = await connect(transport, options, { era: "modern", onLink: "decline" });
    expect(readAnswer(await connected.client.callTool(call)).text).toMatch(/^PENDING:/);
    expect(connected.links).toHaveLength(1);
    expect(waits.at(-1)).toBe("1");
    expect(await plane.pending()).toHaveLength(1);
  });

  test.each(["legacy", "modern"] as const)(
    "[G5] %s client that only shows forms is asked for none: PENDING",
    async (era) => {
      const options = { waitMs: 1_000 };
      const connected = await connect(transport, options, { era, onLink: "forms-only" });
      expect(readAnswer(await connected.client.callTool(call)).text).toMatch(/^PENDING:/);
      expect(connected.links).toEqual([]);
    },
  );

  test("legacy client: shows the link while it waits, and takes it back with the answer", async () => {
    const options = { waitMs: 10_000 };
    const connected = await connect(transport, options, { era: "legacy", onLink: "never" });
    const served: unknown[] = [];
    connected.client.setNotificationHandler("notifications/elicitation/complete", ({ params }) => {
      served.push(params.elicitationId);
    });
    const answer = connected.client.callTool(call);
    await vi.waitFor(() => expect(connected.links).toHaveLength(1), SOON);
    const { id } = await plane.waitForRequest();
    await plane.approve(id);
    expect(readAnswer(await answer).data).toMatchObject({ status: "APPROVED", request_id: id });
    await vi.waitFor(() => expect(served).toEqual([id]), SOON);
  });

  test.each(["accept", "decline", "never"] as const)(
    "[G4] [G5] legacy client that answers the link with %s: PENDING, in time",
    async (onLink) => {
      const options = { waitMs: 1_000 };
      const connected = await connect(transport, options, { era: "legacy", onLink });
      expect(readAnswer(await connected.client.callTool(call)).text).toMatch(/^PENDING:/);
      expect(connected.links).toHaveLength(1);
    },
  );

  test.each(["legacy", "modern"] as const)("%s client: no link when switched off", async (era) => {
    const options = { waitMs: 1_000, elicitation: false };
    const connected = await connect(transport, options, { era, onLink: "accept" });
    expect(readAnswer(await connected.client.callTool(call)).text).toMatch(/^PENDING:/);
    expect(connected.links).toEqual([]);
  });
});

test("no link for what a policy or a person decides at once", async () => {
  await using fast = await createTestControlPlane({ decisions: "approve" });
  const { apiKey, url: baseUrl, fetch } = fast;
  const factory = createHoldpointMcpServer({ apiKey, baseUrl, fetch });
  await using connected = await connectInMemory(factory, { era: "legacy", onLink: "accept" });
  expect(readAnswer(await connected.client.callTool(call)).text).toMatch(/^APPROVED:/);
  expect(connected.links).toEqual([]);
});

describe("the state that the client carries", () => {
  async function firstRound() {
    const options: ConnectOptions = { era: "modern", onLink: "accept", autoFulfill: false };
    const { client } = keep(await connectInMemory(factoryOf({ waitMs: 0 }), options));
    const result = await client.callTool(call, { allowInputRequired: true });
    const { requestState, inputRequests } = result as unknown as {
      requestState: string;
      inputRequests: Record<string, unknown>;
    };
    const inputResponses = { [String(Object.keys(inputRequests))]: { action: "accept" } };
    return { requestState, inputResponses };
  }

  async function resume(round: object, args: object = REFUND, apiKey = plane.apiKey) {
    const options: ConnectOptions = { era: "modern", onLink: "accept", autoFulfill: false };
    const { client } = keep(await connectInMemory(factoryOf({ waitMs: 0, apiKey }), options));
    const params = { name: "ask_human", arguments: { ...args }, ...round };
    return readAnswer(await client.callTool(params, { allowInputRequired: true }));
  }

  test("leads another server and another client to the same request", async () => {
    const round = await firstRound();
    const { id } = await plane.waitForRequest();
    expect((await resume(round)).text).toMatch(/^PENDING:/);
    await plane.approve(id);
    expect((await resume(round)).data).toMatchObject({ status: "APPROVED", request_id: id });
  });

  test("[G2] is of no use with other arguments", async () => {
    const round = await firstRound();
    await plane.approve((await plane.waitForRequest()).id);
    const { text, isError } = await resume(round, { ...REFUND, payload: { amount: 1 } });
    expect(isError).toBe(true);
    expect(text).toMatch(/^ERROR: there is no approval/);
  });

  test("[G4] is refused when tampered with, made up, or of another agent", async () => {
    const { requestState, inputResponses } = await firstRound();
    const [version, body, mac] = requestState.split(".");
    const opened = JSON.parse(Buffer.from(String(body), "base64url").toString("utf8"));
    const moved = { ...opened, p: { ...opened.p, id: "req_00000000000000000000000000" } };
    const forged = Buffer.from(JSON.stringify(moved)).toString("base64url");
    for (const state of [[version, forged, mac].join("."), "made up", `${requestState}x`]) {
      await expect(resume({ requestState: state, inputResponses })).rejects.toThrow(
        "Invalid or expired requestState",
      );
    }
    const other = await plane.createApiKey("another-agent");
    await expect(resume({ requestState, inputResponses }, REFUND, other)).rejects.toThrow(
      "Invalid or expired requestState",
    );
  });
});
