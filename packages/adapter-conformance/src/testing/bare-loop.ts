import {
  type ActionToolCall,
  askForModel,
  createGate,
  createResumeHandler,
  describeError,
  type Gate,
  type GatedCall,
  type GateOutcome,
  gateActions,
  parkTurn,
  type SpendToolCall,
  spendTools,
} from "@holdpoint/sdk/adapter";
import type { AdapterDriver, Answers, Parked, Scene, SceneCall } from "../driver.js";

/** The smallest agent there is: a model that made its calls, and a loop that answers them. */
export const bareLoop: AdapterDriver = {
  name: "the bare loop",
  gate: (scene) => answerAll(scene, scene.calls, true),
  async ask({ holdpoint, service, runId, signal }, payload) {
    const call = { payload, runId, toolCallId: "call_ask", signal };
    return (await askForModel({ holdpoint, service, action: "transfer" }, call)).text;
  },
  spend: (scene) =>
    answerSpending(scene, ({ id }, { runId, signal }) => ({ toolCallId: id, runId, signal })),
  act: (scene) =>
    answerActing(scene, ({ id }, { runId, signal }) => ({ toolCallId: id, runId, signal })),
  durable: {
    async park(scene) {
      const gate = gateOf(scene);
      const calls = scene.calls.map((call) => gated(scene, call));
      await parkTurn(gate, { adapter: "bare", calls, data: { calls: scene.calls } });
      return { calls: scene.calls };
    },
    resume: (scene, parked) => answerAll(scene, callsOf(parked), false),
    handler: (scene, { secret, onAnswers }) =>
      createResumeHandler<Parked>(gateOf(scene), {
        adapter: "bare",
        secret,
        resume: async ({ data }) => onAnswers(await answerAll(scene, callsOf(data), false)),
      }),
    tamper: {
      changeArguments: (parked, callId, args) => change(parked, callId, { args }),
      forgeApproval: (parked, callId) => change(parked, callId, { approved: true }),
      switchTool: (parked, callId, tool) => change(parked, callId, { tool }),
      moveTo: (parked) => parked,
    },
  },
};

/** Answers spend tools by themselves, and all others gated. */
export function answerSpending(
  scene: Scene,
  callOf: (call: SceneCall, scene: Scene) => SpendToolCall,
): Promise<Answers> {
  const tools = spendTools(scene.holdpoint);
  return answerUngated(scene, (call) => {
    const tool = tools.find(({ name }) => name === call.tool);
    return tool?.run(call.args, callOf(call, scene));
  });
}

/** Answers actions of the gate by themselves, and all others gated. */
export async function answerActing(
  scene: Scene,
  callOf: (call: SceneCall, scene: Scene) => ActionToolCall,
): Promise<Answers> {
  const { holdpoint, waitMs } = scene;
  const tools = await gateActions(holdpoint, { waitMs });
  return answerUngated(scene, (call) => {
    const tool = tools.find(({ name }) => name === call.tool);
    return tool?.call(call.args, callOf(call, scene)).then(({ text }) => text);
  });
}

/** @param answer - `undefined`: it is a call of another tool, which is gated. */
async function answerUngated(
  scene: Scene,
  answer: (call: SceneCall) => Promise<string> | undefined,
): Promise<Answers> {
  const begun = scene.calls.map((call) => ({ call, answer: answer(call) }));
  const others = begun.flatMap(({ call, answer }) => (answer === undefined ? [call] : []));
  const answered = begun.flatMap(({ call, answer }) =>
    answer === undefined ? [] : [answer.then((text) => [call.id, text] as const)],
  );
  const gated = await answerAll(scene, others, true);
  return { ...gated, ...Object.fromEntries(await Promise.all(answered)) };
}

async function answerAll(
  scene: Scene,
  calls: readonly SceneCall[],
  wait: boolean,
): Promise<Answers> {
  const gate = gateOf(scene);
  const answers = await Promise.all(
    calls.map(async (call) => [call.id, await answer(gate, scene, call, wait)] as const),
  );
  return Object.fromEntries(answers);
}

async function answer(gate: Gate, scene: Scene, call: SceneCall, wait: boolean): Promise<string> {
  const tool = scene.tools.find(({ name }) => name === call.tool);
  if (tool === undefined) return `There is no tool ${call.tool}.`;
  const gatedCall = { ...gated(scene, call), wait };
  try {
    return read(await gate.run(gatedCall, (args) => tool.run(args)));
  } catch (error) {
    return describeError(gate.nameOf(gatedCall), error);
  }
}

function read(outcome: GateOutcome<unknown>): string {
  if (outcome.type !== "ran") return outcome.text;
  return [outcome.note, JSON.stringify(outcome.result)].filter(Boolean).join("\n");
}

function gateOf({ holdpoint, service, runId, policy, timeoutMs }: Scene): Gate {
  return createGate({ holdpoint, service, runId, policy, timeoutMs });
}

function gated({ tools, signal }: Scene, { id, tool, args }: SceneCall): GatedCall {
  const schema = tools.find(({ name }) => name === tool)?.schema;
  return { tool, args, toolCallId: id, schema, signal };
}

function callsOf(parked: Parked): readonly SceneCall[] {
  return parked.calls as readonly SceneCall[];
}

function change(parked: Parked, callId: string, changes: object): Parked {
  const calls = callsOf(parked).map((call) =>
    call.id === callId ? { ...call, ...changes } : call,
  );
  return { ...parked, calls };
}
