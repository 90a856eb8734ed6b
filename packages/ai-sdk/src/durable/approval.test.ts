import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { tool } from "ai";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type GateToolsOptions, gateTools, holdpointApproval } from "../index.js";
import { createBank, TRANSFER } from "../testing/bank.js";
import { frameworkOf } from "../testing/framework.js";
import { createModel } from "../testing/model.js";

// ai 6 has no `toolApproval`: its tools are asked one by one, which durable.test.ts covers.
const framework = frameworkOf(7);

let plane: TestControlPlane;
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(() => plane.close());

function gating(options: Partial<GateToolsOptions> = {}): GateToolsOptions {
  const given = { service: "bank", holdpoint: plane.client(), runId: "chat-1", ...options };
  return given as GateToolsOptions;
}

function run(tools: object) {
  const fake = createModel(7, [{ calls: [TRANSFER] }]);
  const options = { model: fake.model, tools: tools as never, toolApproval: holdpointApproval };
  return framework.generate(options).then((result) => ({ ...result, ...fake }));
}

describe("the native approval, waiting in the process", () => {
  test("approved: the framework's own parts say so, and the edit is what runs", async () => {
    const { sent, tools } = createBank();
    const onPending = vi.fn();
    const running = run(gateTools(tools, gating({ onPending })));
    await vi.waitUntil(() => onPending.mock.lastCall, { timeout: 20_000 });
    const { id } = await plane.waitForRequest();
    await plane.approve(id, { patch: { amount: 5, to: "Ada" }, reason: "Less." });
    const { content, answerTo } = await running;
    expect(content).toContainEqual(
      expect.objectContaining({ type: "tool-approval-response", approved: true, reason: "Less." }),
    );
    expect(answerTo(TRANSFER.id)).toContain("Changed /amount from 500 to 5.");
    expect(sent).toEqual([{ amount: 5, to: "Ada" }]);
    expect(onPending).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id }));
  });

  test("rejected: the framework's own no, with the person's reason and not to retry", async () => {
    const { sent, tools } = createBank();
    const running = run(gateTools(tools, gating()));
    await plane.reject((await plane.waitForRequest()).id, { reason: "Not on a Friday." });
    const { content, messages, answerTo } = await running;
    expect(content).toContainEqual(
      expect.objectContaining({ type: "tool-approval-response", approved: false }),
    );
    expect(JSON.stringify(messages)).toContain('"type":"execution-denied"');
    expect(answerTo(TRANSFER.id)).toMatch(/^STOP[\s\S]*Not on a Friday[\s\S]*Do not retry/);
    expect(sent).toEqual([]);
  });

  test("denied by the policy: the same, and nobody is asked", async () => {
    const { sent, tools } = createBank();
    const { answerTo } = await run(gateTools(tools, gating({ policy: "deny" })));
    expect(answerTo(TRANSFER.id)).toMatch(/^STOP: the policy does not allow/);
    expect([...sent, ...(await plane.pending())]).toEqual([]);
  });

  test("[G4] no answer to be had: the run rejects with the typed error, and nothing runs", async () => {
    const { sent, tools } = createBank();
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const away = plane.client({ fetch, maxRetries: 0 });
    const running = run(gateTools(tools, gating({ holdpoint: away })));
    await expect(running).rejects.toMatchObject({ code: "CONNECTION_FAILED" });
    expect(sent).toEqual([]);
  });
});

describe("[G4] a tool's own needsApproval, which a toolApproval would set aside, is kept", () => {
  const execute = vi.fn(async () => "ran");
  const own = (needsApproval: boolean | (() => boolean)) =>
    tool({ description: "", inputSchema: z.object({}).loose(), needsApproval, execute });

  test.each([
    ["of a tool that is not gated", (transfer: object) => ({ transfer })],
    [
      "of one that the policy allows",
      (transfer: object) => gateTools({ transfer } as never, gating({ policy: "allow" })),
    ],
  ])("%s", async (_name, gate) => {
    for (const needed of [true, () => true]) {
      const { content } = await run(gate(own(needed)));
      expect(content.map(({ type }) => type)).toContain("tool-approval-request");
    }
    expect(execute).not.toHaveBeenCalled();
    await run(gate(own(() => false)));
    expect(execute).toHaveBeenCalledOnce();
    execute.mockClear();
  });

  test("after a person has approved, it is still asked for", async () => {
    const running = run(gateTools({ transfer: own(true) }, gating()));
    await plane.approve((await plane.waitForRequest()).id);
    const { content } = await running;
    expect(content).toContainEqual(expect.objectContaining({ type: "tool-approval-request" }));
    expect(execute).not.toHaveBeenCalled();
  });
});
