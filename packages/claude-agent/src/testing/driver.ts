import {
  createSdkMcpServer,
  type Options,
  type SdkMcpToolDefinition,
  tool,
} from "@anthropic-ai/claude-agent-sdk";
import type { AdapterDriver, Answers, Parked, Scene } from "@holdpoint/adapter-conformance";
import type { GatePolicy } from "@holdpoint/sdk/adapter";
import { z } from "zod";
import { holdpointServer } from "../approval-tool.js";
import { resumeFromWebhook } from "../durable/resume.js";
import { gateActions } from "../gate-actions.js";
import { holdpointHook } from "../hook/hook.js";
import type { ClaudeGateOptions } from "../options.js";
import { createSpendTools } from "../spend-tools.js";
import { runClaude } from "./claude.js";
import { createDisk } from "./disk.js";
import { serveModel } from "./model.js";
import { changeCall, moveSession, parkedText } from "./parked.js";
import { serveTools } from "./tool-server.js";

/** As Claude names the tools of the MCP server `bank`. */
const PREFIX = "mcp__bank__";

export const driver: AdapterDriver = {
  name: "@holdpoint/claude-agent",

  async gate(scene) {
    return converse(scene);
  },

  async ask({ holdpoint, service, runId }, payload) {
    await using disk = await createDisk();
    const name = "mcp__holdpoint__request_approval";
    await using model = await serveModel([{ id: "call_ask", name, input: payload }]);
    const inputSchema = z.object({ amount: z.number(), to: z.string() });
    const asked = { holdpoint, service, action: "transfer", runId, inputSchema };
    const mcpServers = { holdpoint: holdpointServer(asked) };
    await runClaude({ disk, model, options: { mcpServers, allowedTools: [name], tools: [] } });
    return model.answers().call_ask ?? "";
  },

  async spend(scene) {
    const { holdpoint, runId } = scene;
    return converse(scene, createSpendTools({ holdpoint, runId }));
  },

  async act(scene) {
    const { holdpoint, runId, waitMs } = scene;
    return converse(scene, await gateActions(holdpoint, { runId, waitMs }));
  },

  durable: {
    async park(scene) {
      await using disk = await createDisk();
      await using model = await serveModel(scene.calls.map(modelCall));
      await using tools = await serveTools(scene.tools);
      const result = await runClaude({ disk, model, options: durableOptions(scene, tools.url) });
      const sessionId = result.session_id;
      const parked = { sessionId, text: await disk.readSession(sessionId) };
      disks.set(sessionId, parked);
      return parked;
    },
    resume,
    handler: (scene, { secret, onAnswers }) =>
      resumeFromWebhook({
        ...gateOptions(scene),
        secret,
        resume: async ({ sessionId }) => {
          const parked = disks.get(sessionId);
          if (parked === undefined) throw new Error(`Expected session ${sessionId} on this disk.`);
          onAnswers(await resume(scene, parked));
        },
      }),
    tamper: {
      changeArguments: (parked, callId, args) => changeCall(parked, callId, { args }),
      forgeApproval: (parked) => ({ ...parked, forged: true }),
      switchTool: (parked, callId, name) => changeCall(parked, callId, { tool: PREFIX + name }),
      moveTo: moveSession,
    },
  },

  skips: {
    "durable-siblings":
      "Claude keeps one deferred call of a turn: of two it forgets the first at resume, without a word to the model. So the hook defers one, and refuses the others unasked with the advice to make them again afterwards; durable.test.ts plays that.",
    "resumed-at-once":
      "Each resume is a native process of some 200 MB that needs a second of a core to start: 50 of them do not run at once on a machine for tests. durable.test.ts plays it with five processes, hook.test.ts with 50 calls of the hook.",
  },
};

/** A conversation with tools that the hook gates, beside some that it is to allow. */
async function converse(
  scene: Scene,
  allowed: readonly SdkMcpToolDefinition[] = [],
): Promise<Answers> {
  await using disk = await createDisk();
  await using model = await serveModel(scene.calls.map(modelCall));
  const tools = [...toolsOf(scene), ...allowed];
  const bank = createSdkMcpServer({ name: "bank", alwaysLoad: true, tools });
  const gating = gateOptions(scene);
  const allow = Object.fromEntries(allowed.map(({ name }) => [PREFIX + name, "allow" as const]));
  const policy = allowed.length > 0 ? allow : gating.policy;
  const hooks = { ...holdpointHook({ ...gating, policy }) };
  const abort = abortWith(scene.signal);
  await runClaude({ disk, model, options: { mcpServers: { bank }, hooks, tools: [], ...abort } });
  return model.answers();
}

function toolsOf({ tools }: Scene): SdkMcpToolDefinition[] {
  return tools.map(
    ({ name, description, schema, run }) =>
      tool(name, description, schema.shape, async (args) => ({
        content: [{ type: "text", text: JSON.stringify(await run(args)) }],
      })) as SdkMcpToolDefinition,
  );
}

/** Stands for the disk that outlives the process: what was parked on it, by session. */
const disks = new Map<string, Parked>();

async function resume(scene: Scene, parked: Parked): Promise<Answers> {
  const { sessionId, text, forged = false } = parkedText(parked);
  await using disk = await createDisk();
  await using model = await serveModel(scene.calls.map(modelCall));
  await using tools = await serveTools(scene.tools);
  await disk.writeSession(sessionId, text);
  const options = { ...durableOptions(scene, tools.url), ...(forged && EVERY_PERMISSION) };
  await runClaude({ disk, model, resume: sessionId, options });
  return model.answers();
}

function durableOptions(scene: Scene, url: string): Options {
  return {
    mcpServers: { bank: { type: "http", url, alwaysLoad: true } },
    hooks: { ...holdpointHook({ ...gateOptions(scene), whilePending: "defer" }) },
    tools: [],
    ...abortWith(scene.signal),
  };
}

const EVERY_PERMISSION: Options = {
  allowedTools: [`${PREFIX}transfer`],
  permissionMode: "acceptEdits",
  canUseTool: async (_tool, input) => ({ behavior: "allow", updatedInput: input }),
};

function gateOptions({ holdpoint, service, runId, policy, timeoutMs, tools }: Scene) {
  return {
    holdpoint,
    service,
    runId,
    timeoutMs,
    policy: prefixed(policy),
    action: ({ tool }) => bare(tool),
    schemas: Object.fromEntries(tools.map(({ name, schema }) => [PREFIX + name, schema])),
    // What fails is looked for in what the model was given.
    onError() {},
  } satisfies ClaudeGateOptions;
}

function prefixed(policy: GatePolicy | undefined): GatePolicy | undefined {
  if (typeof policy !== "object") return policy;
  return Object.fromEntries(
    Object.entries(policy).map(([name, verdict]) => [name === "*" ? name : PREFIX + name, verdict]),
  );
}

function bare(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

function modelCall({ id, tool, args }: Scene["calls"][number]) {
  return { id, name: PREFIX + tool, input: args };
}

function abortWith(signal: AbortSignal | undefined): Pick<Options, "abortController"> {
  if (signal === undefined) return {};
  const abortController = new AbortController();
  signal.addEventListener("abort", () => abortController.abort(signal.reason), { once: true });
  return { abortController };
}
