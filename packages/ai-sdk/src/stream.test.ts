import { ApprovalRejectedError } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { tool } from "ai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type GateToolsOptions, gateTools, toErrorText } from "./index.js";
import { createBank, TRANSFER } from "./testing/bank.js";
import { type ContentPart, frameworkOf, MAJORS } from "./testing/framework.js";
import { createModel } from "./testing/model.js";

let plane: TestControlPlane;
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(() => plane.close());

function gating(options: Partial<GateToolsOptions> = {}): GateToolsOptions {
  const given = { service: "bank", holdpoint: plane.client(), runId: "chat-1", ...options };
  return given as GateToolsOptions;
}

/** Counts how far it comes. */
function createCounter(steps: string[]) {
  return tool({
    description: "Counts.",
    inputSchema: z.object({ to: z.number() }),
    async *execute({ to }) {
      for (let step = 1; step <= to; step += 1) {
        steps.push(`step ${step}`);
        yield { step };
      }
    },
  });
}

const COUNT = { id: "call_1", tool: "count", args: { to: 2 } };

describe.each(MAJORS)("streamText of ai %i", (major) => {
  const framework = frameworkOf(major);

  function stream(tools: object, call: typeof TRANSFER | typeof COUNT, abortSignal?: AbortSignal) {
    const fake = createModel(major, [{ calls: [call] }]);
    const aborting = abortSignal && { abortSignal };
    const run = framework.stream({ model: fake.model, tools: tools as never, ...aborting });
    return { run, answerTo: fake.answerTo };
  }

  async function read(parts: AsyncIterable<ContentPart>): Promise<readonly ContentPart[]> {
    const seen: ContentPart[] = [];
    for await (const part of parts) seen.push(part);
    return seen.filter(({ type }) => /^tool-(result|error)$|^abort$|^error$/.test(type));
  }

  test("a gated tool waits within the stream, runs once, and its result is a part of it", async () => {
    const { sent, tools } = createBank();
    const { run, answerTo } = stream(gateTools(tools, gating()), TRANSFER);
    const reading = read(run.fullStream);
    const { id } = await plane.waitForRequest();
    expect(sent).toEqual([]);
    await plane.approve(id, { patch: { amount: 5, to: "Ada" } });
    expect(await reading).toMatchObject([{ type: "tool-result", output: { receipt: "5 to Ada" } }]);
    expect(answerTo(TRANSFER.id)).toContain("Changed /amount from 500 to 5.");
    expect(sent).toHaveLength(1);
  });

  test("a no is an error part, which reaches the user interface as the model's text", async () => {
    const { sent, tools } = createBank();
    const { run } = stream(gateTools(tools, gating()), TRANSFER);
    const chunks = read(run.toUIMessageStream({ onError: toErrorText }) as never);
    const all = readAll(run.toUIMessageStream({ onError: toErrorText }));
    const { id } = await plane.waitForRequest();
    await plane.reject(id, { reason: "Not on a Friday." });
    await chunks;
    const shown = (await all).find(({ type }) => type === "tool-output-error");
    expect(shown).toMatchObject({ errorText: expect.stringContaining("Not on a Friday.") });
    expect(sent).toEqual([]);
  });

  test("aborted while it waits: nothing runs, and the question stays open", async () => {
    const { sent, tools } = createBank();
    const leaving = new AbortController();
    const { run } = stream(gateTools(tools, gating()), TRANSFER, leaving.signal);
    const reading = read(run.fullStream).catch(() => []);
    const { id } = await plane.waitForRequest();
    leaving.abort(new DOMException("The user has left.", "AbortError"));
    await reading;
    expect(sent).toEqual([]);
    expect(await plane.request(id)).toMatchObject({ status: "PENDING" });
  });

  test("a generator waits before its first step, streams, and is replayed by its last", async () => {
    const steps: string[] = [];
    const tools = gateTools({ count: createCounter(steps) }, gating());
    const first = stream(tools, COUNT);
    const reading = read(first.run.fullStream);
    const { id } = await plane.waitForRequest();
    expect(steps).toEqual([]);
    await plane.approve(id);
    expect(await reading).toMatchObject([
      { preliminary: true, output: { step: 1 } },
      { preliminary: true, output: { step: 2 } },
      { type: "tool-result", output: { step: 2 } },
    ]);
    const again = await read(stream(tools, COUNT).run.fullStream);
    expect(again.at(-1)).toMatchObject({ type: "tool-result", output: { step: 2 } });
    expect(steps).toEqual(["step 1", "step 2"]);
  });

  test("what nobody can tell to be a generator still gives its last output", async () => {
    const steps: string[] = [];
    const { execute, ...rest } = createCounter(steps);
    const count = { ...rest, execute: (input: { to: number }) => execute(input, {} as never) };
    const { run } = stream(gateTools({ count }, gating({ policy: "allow" })), COUNT);
    expect(await read(run.fullStream)).toMatchObject([{ output: { step: 2 } }]);
  });

  test("a generator that fails on its way is told as failed", async () => {
    const broken = tool({
      description: "Breaks.",
      inputSchema: z.object({ to: z.number() }),
      async *execute() {
        yield { step: 1 };
        throw new Error("Broken.");
      },
    });
    const { run } = stream(gateTools({ count: broken }, gating()), COUNT);
    const reading = read(run.fullStream);
    const { id } = await plane.waitForRequest();
    await plane.approve(id);
    expect((await reading).at(-1)).toMatchObject({ error: new Error("Broken.") });
    expect(await plane.execution(id)).toMatchObject({ status: "FAILED" });
  });

  test("where a person decides is shown as a preliminary result", async () => {
    const { tools } = createBank();
    const preliminary = ({ id, url }: { id: string; url: string }) => ({ waiting: id, url });
    const { run } = stream(gateTools(tools, gating({ preliminary })), TRANSFER);
    const parts: ContentPart[] = [];
    for await (const part of run.fullStream) {
      if (part.type !== "tool-result") continue;
      parts.push(part);
      if (parts.length === 1) await plane.approve((await plane.waitForRequest()).id);
    }
    expect(parts[0]).toMatchObject({
      preliminary: true,
      output: { waiting: expect.stringMatching(/^req_/), url: expect.stringMatching(/^http/) },
    });
    expect(parts.at(-1)).toMatchObject({ output: { receipt: "500 to Ada" } });
    expect(parts.at(-1)).not.toHaveProperty("preliminary");
  });

  test("a no after a preliminary result is an error all the same", async () => {
    const { tools } = createBank();
    const { run } = stream(gateTools(tools, gating({ preliminary: ({ url }) => url })), TRANSFER);
    const reading = read(run.fullStream);
    await plane.reject((await plane.waitForRequest()).id);
    const last = (await reading).at(-1);
    expect(last).toMatchObject({ type: "tool-error" });
    expect(last?.error).toBeInstanceOf(ApprovalRejectedError);
  });
});

test("only what gated tools say of themselves is let through to the user interface", () => {
  expect(toErrorText(new Error("hunter2"))).toBe("An error occurred.");
  expect(toErrorText(undefined)).toBe("An error occurred.");
});

async function readAll(stream: ReadableStream): Promise<readonly ContentPart[]> {
  const parts: ContentPart[] = [];
  for await (const part of stream) parts.push(part as ContentPart);
  return parts;
}
