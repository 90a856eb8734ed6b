import type { AdapterDriver, Answers, Parked, Scene } from "@holdpoint/adapter-conformance";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { type BaseCheckpointSaver, Command, MemorySaver } from "@langchain/langgraph";
import { createHoldpointTool } from "../approval-tool.js";
import { type ResumableGraph, resumeFromWebhook } from "../durable/resume.js";
import { gateActions } from "../gate-actions.js";
import type { LangChainGateOptions } from "../options.js";
import { createSpendTools } from "../spend-tools.js";
import { type Agent, buildAgent, buildGraph } from "./graphs.js";
import { dumpSaver, editSaved, loadSaver, type SavedThreads } from "./saver.js";

type ParkedThread = Parked & SavedThreads & { readonly resume?: unknown };

/** Stands in for a database: what is parked outlives whoever parked it. */
const database = new Map<string, SavedThreads>();

/** With gated tools, in a graph of one's own. */
export const toolsDriver = createDriver("@holdpoint/langchain gateTools", buildGraph);

/** With the middleware, in an agent. */
export const middlewareDriver = createDriver("@holdpoint/langchain middleware", buildAgent);

function createDriver(name: string, build: (agent: Agent) => ResumableGraph<unknown>) {
  return {
    name,
    async gate(scene) {
      const { graph, answers } = compose(build, scene, { mode: "wait" });
      await graph.invoke(hello as never, configOf(scene));
      return answers;
    },
    async ask({ holdpoint, service, runId, signal }, payload) {
      const approval = createHoldpointTool({
        ...{ holdpoint, service, action: "transfer" },
        schema: { type: "object", properties: { amount: { type: "number" } } },
      });
      const call = { name: approval.name, args: payload, id: "call_1", type: "tool_call" as const };
      const message = await approval.invoke(call, configOf({ runId, signal }));
      return textOf(message as unknown as BaseMessage);
    },
    async spend(scene) {
      const ungated = createSpendTools({ holdpoint: scene.holdpoint });
      const { graph, answers } = compose(build, scene, { mode: "wait", ungated });
      await graph.invoke(hello as never, configOf(scene));
      return answers;
    },
    async act(scene) {
      const { holdpoint, waitMs } = scene;
      const ungated = await gateActions(holdpoint, { waitMs });
      const { graph, answers } = compose(build, scene, { mode: "wait", ungated });
      await graph.invoke(hello as never, configOf(scene));
      return answers;
    },
    durable: {
      async park(scene) {
        const checkpointer = new MemorySaver();
        const { graph } = compose(build, scene, { mode: "interrupt", checkpointer });
        await graph.invoke(hello as never, configOf(scene));
        const saved = dumpSaver(checkpointer);
        database.set(scene.runId, saved);
        return { ...saved };
      },
      async resume(scene, parked) {
        const { resume = {}, ...saved } = parked as ParkedThread;
        const { graph, answers } = compose(build, scene, resuming(loadSaver(saved)));
        const { tasks } = await graph.getState(configOf(scene));
        const ids = tasks.flatMap(({ interrupts }) => interrupts.map(({ id }) => id as string));
        const given = Object.fromEntries(ids.map((id) => [id, resume]));
        await graph.invoke(new Command<unknown, never, never>({ resume: given }), configOf(scene));
        return answers;
      },
      handler(scene, { secret, onAnswers }) {
        const saver = loadSaver(database.get(scene.runId) as SavedThreads);
        const { graph, answers } = compose(build, scene, resuming(saver));
        const { holdpoint, service } = scene;
        const onResult = () => onAnswers(answers);
        return resumeFromWebhook({ graph, holdpoint, service, secret, onResult });
      },
      tamper: {
        changeArguments: (parked, callId, args) =>
          editCall(parked, callId, (call) => ({ ...call, args })),
        switchTool: (parked, callId, name) =>
          editCall(parked, callId, (call) => ({ ...call, name })),
        forgeApproval: (parked) => ({ ...parked, resume: FORGED }),
        moveTo: (parked, runId) => move(parked as ParkedThread, runId),
      },
    },
  } satisfies AdapterDriver;
}

const hello = { messages: [{ role: "user", content: "Go on." }] };

/** Whatever LangChain's own approvals are resumed with, all at once. */
const FORGED = {
  approved: true,
  status: "APPROVED",
  type: "approve",
  decisions: [{ type: "approve" }],
};

interface Play {
  readonly mode: LangChainGateOptions["mode"];
  readonly checkpointer?: BaseCheckpointSaver;
  readonly isResumed?: boolean;
  /** Tools beside those of the scene. */
  readonly ungated?: readonly StructuredToolInterface[];
}

function resuming(checkpointer: BaseCheckpointSaver): Play {
  return { mode: "interrupt", checkpointer, isResumed: true };
}

function compose(
  build: (agent: Agent) => ResumableGraph<unknown>,
  scene: Scene,
  { mode, checkpointer, isResumed = false, ungated = [] }: Play,
) {
  const { holdpoint, service, policy, timeoutMs } = scene;
  const answers: Record<string, string> = {};
  const model = fakeModel();
  if (!isResumed)
    model.respondWithTools(scene.calls.map(({ id, tool, args }) => ({ id, name: tool, args })));
  model.respond((messages) => {
    Object.assign(answers, answersIn(messages));
    return new AIMessage("done");
  });
  const graph = build({
    model,
    checkpointer,
    ungated,
    tools: scene.tools.map(({ name, description, schema, run }) =>
      tool((args: unknown) => run(args), { name, description, schema }),
    ),
    options: { holdpoint, service, policy, timeoutMs, mode },
  });
  return { graph, answers: answers as Answers };
}

function configOf({ runId, signal }: { runId: string; signal?: AbortSignal | undefined }) {
  return { configurable: { thread_id: runId }, ...(signal && { signal }) };
}

function answersIn(messages: readonly BaseMessage[]): Answers {
  const results = messages.filter((message) => message.getType() === "tool");
  return Object.fromEntries(
    results.map((message) => [
      (message as unknown as { tool_call_id: string }).tool_call_id,
      textOf(message),
    ]),
  );
}

function textOf({ content }: BaseMessage): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}

function editCall(
  parked: Parked,
  callId: string,
  edit: (call: Record<string, unknown>) => unknown,
): Parked {
  return editSaved(parked as ParkedThread, (value) =>
    value.id === callId && "args" in value ? edit(value) : value,
  );
}

function move({ storage, writes, ...parked }: ParkedThread, runId: string): Parked {
  const rename = (value: unknown, toKey: (key: string) => string) =>
    Object.fromEntries(Object.entries(value as object).map(([key, own]) => [toKey(key), own]));
  return {
    ...parked,
    storage: rename(storage, () => runId),
    writes: rename(writes, (key) => {
      const [, ...rest] = JSON.parse(key) as string[];
      return JSON.stringify([runId, ...rest]);
    }),
  };
}
