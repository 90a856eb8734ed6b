import type { AdapterDriver, Scene } from "@holdpoint/adapter-conformance";
import { Runner, type RunState, tool } from "@openai/agents";
import { functionCall, ScriptedModel } from "@openai/agents/testing";
import { z } from "zod";
import { createHoldpointTool } from "../approval-tool.js";
import { createDurableGate, type DurableGateOptions } from "../durable/gate.js";
import type { AnyAgent } from "../durable/parts.js";
import { gateActions } from "../gate-actions.js";
import { gateTools } from "../gate-tools.js";
import { createSpendTools } from "../spend-tools.js";
import { agentWith, DONE, readAnswers } from "./scripted-agent.js";
import { tamper } from "./tamper.js";

/** The context of a conversation, as an application has one. */
interface Conversation {
  readonly conversationId: string;
}

const runner = new Runner({ tracingDisabled: true });

export const driver: AdapterDriver = {
  name: "@holdpoint/openai-agents",
  async gate(scene) {
    const model = new ScriptedModel([callsOf(scene), DONE]);
    const tools = gateTools(makeTools(scene), gateOptions(scene));
    await runner.run(agentWith(tools, model), "Go on.", runOptions(scene));
    return readAnswers(model);
  },
  async ask(scene, payload) {
    const model = new ScriptedModel([
      [functionCall("request_approval", payload, { callId: "ask" })],
      DONE,
    ]);
    const { holdpoint, service } = scene;
    const parameters = z.object({ amount: z.number(), to: z.string() });
    const asking = createHoldpointTool({ holdpoint, service, action: "transfer", parameters });
    await runner.run(agentWith([asking], model), "Go on.", runOptions(scene));
    return readAnswers(model).ask ?? "";
  },
  async spend(scene) {
    const model = new ScriptedModel([callsOf(scene), DONE]);
    const { holdpoint } = scene;
    const spending = createSpendTools<Conversation>({
      holdpoint,
      runId: ({ context }) => context.conversationId,
    });
    const tools = [...gateTools(makeTools(scene), gateOptions(scene)), ...spending];
    await runner.run(agentWith(tools, model), "Go on.", runOptions(scene));
    return readAnswers(model);
  },
  async act(scene) {
    const model = new ScriptedModel([callsOf(scene), DONE]);
    const { holdpoint, waitMs } = scene;
    const actions = await gateActions<Conversation>(holdpoint, {
      waitMs,
      runId: ({ context }) => context.conversationId,
    });
    const tools = [...gateTools(makeTools(scene), gateOptions(scene)), ...actions];
    await runner.run(agentWith(tools, model), "Go on.", runOptions(scene));
    return readAnswers(model);
  },
  durable: {
    async park(scene) {
      const gate = createDurableGate(gateOptions(scene));
      const model = new ScriptedModel([callsOf(scene)]);
      const agent = agentWith(gate.gateTools(makeTools(scene)), model);
      const result = await runner.run(agent, "Go on.", runOptions(scene));
      await gate.parkInterruptions(result);
      return { state: JSON.parse(result.state.toString()) };
    },
    async resume(scene, { state }) {
      const { gate, agent, run, model } = stageResume(scene);
      await gate.resume(JSON.stringify(state), { agent, run });
      return readAnswers(model);
    },
    handler(scene, { secret, onAnswers }) {
      const { gate, agent, run, model } = stageResume(scene);
      const onResult = () => onAnswers(readAnswers(model));
      return gate.resumeFromWebhook({ agent, run, secret, onResult });
    },
    tamper,
  },
};

function stageResume(scene: Scene) {
  const gate = createDurableGate(gateOptions(scene));
  const model = new ScriptedModel([DONE]);
  const agent = agentWith(gate.gateTools(makeTools(scene)), model);
  const run = (state: RunState<Conversation, AnyAgent>) =>
    runner.run<AnyAgent, Conversation>(agent, state);
  return { gate, agent, run, model };
}

function gateOptions({
  holdpoint,
  service,
  policy,
  timeoutMs,
}: Omit<Scene, "tools" | "calls">): DurableGateOptions<Conversation> {
  return {
    holdpoint,
    service,
    policy,
    timeoutMs,
    runId: ({ context }) => context.conversationId,
  };
}

function runOptions({ runId, signal }: Omit<Scene, "tools" | "calls">) {
  return { context: { conversationId: runId }, ...(signal && { signal }) };
}

function makeTools({ tools }: Scene) {
  return tools.map(({ name, description, schema, run }) =>
    tool({ name, description, parameters: schema, execute: run }),
  );
}

function callsOf({ calls }: Scene) {
  return calls.map(({ id, tool, args }) => functionCall(tool, args, { callId: id }));
}
