import type { Holdpoint } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { tool } from "@langchain/core/tools";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { createHoldpointTool } from "./approval-tool.js";
import { gateTools } from "./gate-tools.js";
import { type CrewSpendTool, createSpendTools } from "./spend-tools.js";

// Without it KaibanJS reports home, and dies offline.
vi.stubEnv("KAIBAN_TELEMETRY_OPT_OUT", "1");
const { Agent, Task, Team } = await import("kaibanjs");

let plane: TestControlPlane;
let holdpoint: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  holdpoint = plane.client();
});
afterEach(() => plane.close());
// It logs every step of its agents.
beforeAll(() => void vi.spyOn(console, "info").mockImplementation(() => {}));
afterAll(() => vi.restoreAllMocks());

/** A team of one, whose model calls one tool and then answers with what it has to say. */
function createTeam(gated: { readonly name: string }, input: object) {
  const model = new FakeListChatModel({
    responses: [
      JSON.stringify({ thought: "I call it.", action: gated.name, actionInput: input }),
      JSON.stringify({ finalAnswer: "done" }),
    ],
  });
  const seen = vi.spyOn(model, "_generate");
  const agent = new Agent({
    name: "Clerk",
    role: "Clerk",
    goal: "Move money",
    background: "Bank",
    tools: [gated],
    llmInstance: model,
  } as unknown as ConstructorParameters<typeof Agent>[0]);
  const task = new Task({ description: "Pay Ada.", expectedOutput: "A receipt", agent });
  const team = new Team({ name: "Bank", agents: [agent], tasks: [task], logLevel: "error" });
  return { team, read: () => JSON.stringify(seen.mock.calls.at(-1)?.[0]) };
}

function createTransfer() {
  const run = vi.fn(async ({ amount }: { amount: number }) => `receipt-${amount}`);
  const schema = z.object({ amount: z.number().max(1_000) });
  return { run, transfer: tool(run, { name: "transfer", description: "Moves money.", schema }) };
}

describe("[P-ADAPTERS] KaibanJS", () => {
  test("runs a gated tool once, with the edit, which its model reads", async () => {
    const { run, transfer } = createTransfer();
    const [gated] = gateTools([transfer], { service: "bank", holdpoint });
    const { team, read } = createTeam(gated, { amount: 500 });
    const ending = team.start();
    const { id } = await plane.waitForRequest({ action: "transfer" }, { timeoutMs: 20_000 });
    expect(run).not.toHaveBeenCalled();
    await plane.approve(id, { patch: { amount: 50 }, reason: "Half is plenty." });
    expect((await ending).status).toBe("FINISHED");
    expect(run).toHaveBeenCalledOnce();
    for (const text of ["receipt-50", "Changed /amount from 500 to 50.", "Half is plenty."]) {
      expect(read()).toContain(text);
    }
  });

  test("does not run what was rejected, and its model reads why", async () => {
    const { run, transfer } = createTransfer();
    const [gated] = gateTools([transfer], { service: "bank", holdpoint });
    const { team, read } = createTeam(gated, { amount: 500 });
    const ending = team.start();
    const { id } = await plane.waitForRequest({ action: "transfer" }, { timeoutMs: 20_000 });
    await plane.reject(id, { reason: "Not on a Friday." });
    await ending;
    expect(run).not.toHaveBeenCalled();
    expect(read()).toContain("Not on a Friday.");
    expect(read()).toContain("Do not retry");
  });

  test("its model asks by the approval tool", async () => {
    const schema = z.object({ amount: z.number() });
    const ask = createHoldpointTool({ service: "bank", action: "transfer", holdpoint, schema });
    const { team, read } = createTeam(ask, { amount: 500 });
    const ending = team.start();
    const { id } = await plane.waitForRequest({ action: "transfer" }, { timeoutMs: 20_000 });
    await plane.approve(id);
    await ending;
    expect(read()).toContain("APPROVED: bank / transfer may run once");
  });

  test("its model asks for money, once for a call that is named", async () => {
    const [request] = createSpendTools({
      holdpoint,
      toSchema: (schema) => z.fromJSONSchema(schema),
      toolCallId: ({ args }) => JSON.stringify(args),
    });
    const input = { amount: "12.50", currency: "EUR", category: "cloud" };
    const { team, read } = createTeam(request as CrewSpendTool, input);
    expect((await team.start()).status).toBe("FINISHED");
    expect(read()).toContain("WAIT: a person has to decide on 12.50 EUR");
    await request?.run(input);
    expect((await holdpoint.spend.list()).data).toHaveLength(1);
  });
});
