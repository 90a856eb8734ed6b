import { ConfigurationError, ValidationError } from "@holdpoint/sdk";
import type { GatePolicy, Verdict } from "@holdpoint/sdk/adapter";
import { Agent, type RunContext, type RunState, tool, toolNamespace } from "@openai/agents";
import { assistantMessage, functionCall, ScriptedModel } from "@openai/agents/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { agentWith, DONE, readAnswers } from "../testing/scripted-agent.js";
import { createStage, runner, TRANSFER, transferCall } from "../testing/stage.js";
import { createDurableGate } from "./gate.js";
import type { AnyAgent } from "./parts.js";

interface Context {
  conversationId: string;
  secret?: string;
}

const runId = ({ context }: RunContext<Context>) => context.conversationId;
const context: Context = { conversationId: "conversation-1" };
const run = (agent: AnyAgent) => (state: RunState<Context, AnyAgent>) =>
  runner.run<AnyAgent, Context>(agent, state);

async function createDurableStage(policy?: GatePolicy) {
  const stage = await createStage();
  const gate = createDurableGate<Context>({ ...stage.options, runId, policy });
  return { ...stage, gate };
}

describe("which calls interrupt", () => {
  test("those that a person decides; the others run", async () => {
    await using stage = await createDurableStage({ transfer: "ask", read: "allow", wipe: "deny" });
    const { gate, makeTool } = stage;
    const calls = [transferCall(), transferCall("call_2", "read"), transferCall("call_3", "wipe")];
    const tools = gate.gateTools([makeTool(), makeTool("read"), makeTool("wipe")]);
    const agent = agentWith(tools, new ScriptedModel([calls]));
    const result = await runner.run(agent, "Go on.", { context });
    expect(result.interruptions.map(({ name }) => name)).toEqual(["transfer"]);
    expect(stage.effects).toEqual([TRANSFER]);
    expect(await gate.parkInterruptions(result)).toMatchObject([
      { call: { tool: "transfer", toolCallId: "call_1", runId: "conversation-1" } },
    ]);
    // Nobody is asked twice.
    await gate.parkInterruptions(result);
    expect(await stage.holdpoint.pending()).toHaveLength(1);
  });

  test("those that the tool's own needsApproval names, unless the policy denies them", async () => {
    for (const [policy, interruptions, effects] of [
      ["allow", 1, 0],
      ["deny", 0, 0],
    ] as const) {
      await using stage = await createDurableStage(policy);
      const careful = { ...stage.makeTool(), needsApproval: async () => true };
      const agent = agentWith(
        stage.gate.gateTools([careful]),
        new ScriptedModel([[transferCall()], DONE]),
      );
      const result = await runner.run(agent, "Go on.", { context });
      expect(result.interruptions).toHaveLength(interruptions);
      expect(stage.effects).toHaveLength(effects);
    }
  });

  test.each([
    ["are no JSON", "{amount: 5", /valid JSON/],
    ["are no object", "5", /ERROR: /],
    ["do not fit the parameters", '{"amount":5000,"to":"Ada"}', /^ERROR: .*\n.*PAYLOAD_INVALID/],
  ])("[G4] arguments that %s: whatever is decided, nothing runs", async (_, text, told) => {
    for (const patch of [undefined, TRANSFER]) {
      await using stage = await createDurableStage();
      const { gate } = stage;
      const call = functionCall("transfer", text, { callId: "call_1" });
      const model = new ScriptedModel([[call], DONE]);
      const agent = agentWith(gate.gateTools([stage.makeTool()]), model);
      const result = await runner.run(agent, "Go on.", { context });
      const [pending] = await gate.parkInterruptions(result);
      await stage.holdpoint.approve(pending?.id as string, patch && { patch });
      await gate.resume(result.state.toString(), { agent, run: run(agent) });
      expect(readAnswers(model).call_1).toMatch(told);
      expect(stage.effects).toEqual([]);
    }
  });
});

describe("going on", () => {
  test("[G2] what was asked stays a question, though the policy now lets it through", async () => {
    let verdict: Verdict = "ask";
    await using stage = await createDurableStage(() => verdict);
    const { gate } = stage;
    const call = functionCall("transfer", TRANSFER, { callId: "call_1", namespace: "bank" });
    const model = new ScriptedModel([[call], DONE, DONE]);
    const bank = { name: "bank", description: "Banking." };
    const tools = toolNamespace({ ...bank, tools: gate.gateTools([stage.makeTool()]) });
    const agent = agentWith(tools, model);
    const result = await runner.run(agent, "Go on.", { context });
    const [pending] = await gate.parkInterruptions(result);
    await stage.holdpoint.approve(pending?.id as string);
    verdict = "observe";
    const state = result.state.toString();
    for (const _ of [1, 2]) await gate.resume(state, { agent, run: run(agent) });
    expect(stage.effects).toEqual([TRANSFER]);
    const execution = await stage.holdpoint.execution(pending?.id as string);
    expect(execution).toMatchObject({ status: "COMMITTED" });
  });

  test("[G4] what was asked and approved does not run once the policy denies it", async () => {
    let verdict: Verdict = "ask";
    await using stage = await createDurableStage(() => verdict);
    const { gate } = stage;
    const model = new ScriptedModel([[transferCall()], DONE]);
    const agent = agentWith(gate.gateTools([stage.makeTool()]), model);
    const result = await runner.run(agent, "Go on.", { context });
    const [pending] = await gate.parkInterruptions(result);
    await stage.holdpoint.approve(pending?.id as string);
    verdict = "deny";
    await gate.resume(result.state.toString(), { agent, run: run(agent) });
    expect(readAnswers(model).call_1).toMatch(/^STOP: the policy/);
    expect(stage.effects).toEqual([]);
  });

  test("asks for the call that comes up next", async () => {
    await using stage = await createDurableStage();
    const { gate, holdpoint } = stage;
    const model = new ScriptedModel([[transferCall()], [transferCall("call_2")], DONE]);
    const agent = agentWith(gate.gateTools([stage.makeTool()]), model);
    const first = await runner.run(agent, "Go on.", { context });
    await gate.parkInterruptions(first);
    let state = first.state.toString();
    for (const toolCallId of ["call_1", "call_2"]) {
      const [request] = await holdpoint.pending();
      expect(request?.metadata).toMatchObject({ "holdpoint.tool_call_id": toolCallId });
      await holdpoint.approve(request?.id as string);
      const result = await gate.resume(state, { agent, run: run(agent) });
      state = result.state.toString();
    }
    expect(stage.effects).toEqual([TRANSFER, TRANSFER]);
    expect(model.remainingSteps).toBe(0);
  });

  test("[G2] within an agent that is used as a tool", async () => {
    await using stage = await createDurableStage();
    const { gate, holdpoint } = stage;
    const stageAgents = (inner: ScriptedModel, outer: ScriptedModel) => {
      const clerk = new Agent<Context>({
        name: "clerk",
        model: inner,
        tools: gate.gateTools([stage.makeTool()]),
      });
      const asTool = clerk.asTool({ toolName: "clerk", toolDescription: "Sends money." });
      return new Agent<Context>({ name: "boss", model: outer, tools: [asTool] });
    };
    const call = functionCall("clerk", { input: "Send it." }, { callId: "outer_1" });
    const before = stageAgents(new ScriptedModel([[transferCall()]]), new ScriptedModel([[call]]));
    const result = await runner.run(before, "Go on.", { context });
    const [pending] = await gate.parkInterruptions(result);
    await holdpoint.approve(pending?.id as string);

    const inner = new ScriptedModel([[assistantMessage("It is sent.")]]);
    const outer = new ScriptedModel([DONE]);
    const after = stageAgents(inner, outer);
    await gate.resume(result.state.toString(), { agent: after, run: run(after) });
    expect(readAnswers(inner)).toEqual({ call_1: "sent" });
    expect(readAnswers(outer)).toEqual({ outer_1: "It is sent." });
    expect(stage.effects).toEqual([TRANSFER]);
  });

  test("with a context that is made anew, of what was parked", async () => {
    await using stage = await createDurableStage();
    const { gate } = stage;
    const seen: unknown[] = [];
    const spy = tool({
      name: "transfer",
      description: "Sends money.",
      parameters: z.object({ amount: z.number(), to: z.string() }),
      execute: async (_args, runContext) => void seen.push(runContext?.context),
    });
    const model = new ScriptedModel([[transferCall()], DONE]);
    const agent = agentWith(gate.gateTools([spy]), model);
    const result = await runner.run(agent, "Go on.", { context });
    const [pending] = await gate.parkInterruptions(result);
    await stage.holdpoint.approve(pending?.id as string);
    await gate.resume(result.state.toString(), {
      agent,
      run: run(agent),
      context: (parked) => ({ ...parked, secret: "from the vault" }),
    });
    expect(seen).toEqual([{ conversationId: "conversation-1", secret: "from the vault" }]);
  });
});

describe("what is told to the developer", () => {
  test("[G4] a state that does not load: a typed error, and nothing runs", async () => {
    await using stage = await createDurableStage();
    const { gate } = stage;
    const model = new ScriptedModel([[transferCall()], DONE]);
    const agent = agentWith(gate.gateTools([stage.makeTool()]), model);
    const result = await runner.run(agent, "Go on.", { context });
    const [pending] = await gate.parkInterruptions(result);
    await stage.holdpoint.approve(pending?.id as string);
    const state = result.state.toString();
    const ofAnotherVersion = state.replace(/"\$schemaVersion":"[\d.]+"/, '"$schemaVersion":"9.0"');
    expect(ofAnotherVersion).not.toBe(state);
    for (const given of [ofAnotherVersion, "{}", "no JSON"]) {
      const error = await gate.resume(given, { agent }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ValidationError);
      expect(error).toMatchObject({ code: "VALIDATION_FAILED", cause: expect.any(Error) });
    }
    expect(stage.effects).toEqual([]);
  });

  test("an interruption of a tool that is not behind the gate: nobody is asked", async () => {
    await using stage = await createDurableStage();
    const foreign = { ...stage.makeTool("wipe"), needsApproval: async () => true };
    const tools = [...stage.gate.gateTools([stage.makeTool()]), foreign];
    const calls = [transferCall(), transferCall("call_2", "wipe")];
    const agent = agentWith(tools, new ScriptedModel([calls]));
    const result = await runner.run(agent, "Go on.", { context });
    const error = await stage.gate.parkInterruptions(result).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ code: "CONFIGURATION_INVALID" });
    expect(await stage.holdpoint.pending()).toEqual([]);
  });

  test("[G4] a tool of the same name as one behind the gate is not behind it", async () => {
    await using stage = await createDurableStage();
    stage.gate.gateTools([stage.makeTool()]);
    const bare = { ...stage.makeTool(), needsApproval: async () => true };
    const agent = agentWith([bare], new ScriptedModel([[transferCall()]]));
    const result = await runner.run(agent, "Go on.", { context });
    await expect(stage.gate.parkInterruptions(result)).rejects.toThrow(ConfigurationError);
  });

  test("a result without interruptions is nothing to park", async () => {
    await using stage = await createDurableStage();
    const result = await runner.run(agentWith([], new ScriptedModel([DONE])), "Hi.", { context });
    expect(await stage.gate.parkInterruptions(result)).toEqual([]);
  });
});
