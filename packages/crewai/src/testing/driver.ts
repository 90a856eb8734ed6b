import type {
  AdapterDriver,
  Answers,
  Parked,
  Scene,
  SceneCall,
} from "@holdpoint/adapter-conformance";
import { createHoldpointTool } from "../approval-tool.js";
import { gateActions } from "../gate-actions.js";
import { gateTools } from "../gate-tools.js";
import { resumeFromWebhook } from "../resume.js";
import { createSpendTools } from "../spend-tools.js";
import { type CrewCall, type CrewMember, kickoff } from "./crew.js";

export const driver: AdapterDriver = {
  name: "@holdpoint/crewai",
  gate: (scene) => playGated(scene, scene.calls, true),
  async ask({ holdpoint, service, runId }, payload) {
    const tool = createHoldpointTool({ holdpoint, service, action: "transfer" });
    const calls = [{ id: "call_ask", tool: tool.name, args: payload }];
    return (await play([tool], calls, { runId })).call_ask as string;
  },
  spend({ holdpoint, service, runId, signal, tools, calls }) {
    const gated = gateTools(tools, { holdpoint, service });
    const spending = createSpendTools({ holdpoint });
    return play([...gated, ...spending], calls, { runId, ...(signal && { signal }) });
  },
  async act({ holdpoint, service, runId, signal, tools, calls, waitMs }) {
    const gated = gateTools(tools, { holdpoint, service });
    const actions = await gateActions(holdpoint, { waitMs });
    return play([...gated, ...actions], calls, { runId, ...(signal && { signal }) });
  },
  durable: {
    // A crew has no interrupt: it goes on without the call, ends, and is run again.
    async park(scene) {
      await playGated(scene, scene.calls, false);
      return { calls: scene.calls };
    },
    resume: (scene, parked) => playGated(scene, callsOf(parked), false),
    handler: (scene, { secret, onAnswers }) =>
      resumeFromWebhook({
        holdpoint: scene.holdpoint,
        service: scene.service,
        secret,
        resume: async ({ runId }) => {
          if (runId === scene.runId) onAnswers(await playGated(scene, scene.calls, false));
        },
      }),
    tamper: {
      changeArguments: (parked, id, args) => change(parked, id, { args }),
      forgeApproval: (parked, id) => change(parked, id, { approved: true }),
      switchTool: (parked, id, tool) => change(parked, id, { tool }),
      moveTo: (parked) => parked,
    },
  },
};

function playGated(scene: Scene, calls: readonly SceneCall[], wait: boolean): Promise<Answers> {
  const { holdpoint, service, policy, timeoutMs, tools, runId, signal } = scene;
  const gated = gateTools(tools, { holdpoint, service, policy, timeoutMs, wait });
  return play(gated, calls, { runId, ...(signal && { signal }) });
}

/** Has a crew of one make the calls. */
async function play(
  tools: CrewMember["tools"],
  calls: readonly CrewCall[],
  context: { readonly runId: string; readonly signal?: AbortSignal },
): Promise<Answers> {
  const answers: Record<string, string> = {};
  const model = {
    callsFor: () => calls,
    read: (id: string, text: string) => {
      answers[id] = text;
    },
  };
  await kickoff([{ description: "Do it.", member: { role: "clerk", tools, model } }], context);
  return answers;
}

function callsOf({ calls }: Parked): readonly SceneCall[] {
  return calls as readonly SceneCall[];
}

function change(parked: Parked, id: string, changes: object): Parked {
  return {
    ...parked,
    calls: callsOf(parked).map((call) => (call.id === id ? { ...call, ...changes } : call)),
  };
}
