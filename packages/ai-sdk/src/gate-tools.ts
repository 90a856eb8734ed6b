import { createGate, type GatePolicy, type PendingCall } from "@holdpoint/sdk/adapter";
import { type Announcer, createAnnouncer } from "./announcer.js";
import { gateExecute } from "./execute.js";
import {
  carry,
  type GatedTool,
  type GateToolsOptions,
  type Gating,
  misconfigured,
} from "./gating.js";
import { createNotes } from "./notes.js";
import { defaultModelOutput, withNote } from "./result.js";
import { createSchemaLoader } from "./schema.js";
import type { NeedsApproval, ToolParts, Tools } from "./tools.js";

/**
 * Puts a person before tools: each runs as the policy and, where it says so, a person allow; once,
 * with the approved arguments. What comes back are the same tools, with their types.
 *
 * A no, and a failure, is thrown by `execute`: to the framework that is a `tool-error`, whose text
 * its model reads. A result that a person has changed or commented keeps its type; the model is told
 * beside it, through `toModelOutput`.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: no API key; no policy; a tool without
 *   `execute`, which runs where no gate is, and which the policy does not name as `allow` or
 *   `observe`; or, with `durable`, no `runId`, or a tool with a `needsApproval` of its own.
 */
export function gateTools<TOOLS extends Tools>(tools: TOOLS, options: GateToolsOptions): TOOLS {
  const { gating, announcer } = createGating(options);
  const gated = Object.entries(tools).map(([name, tool]) => {
    return [name, gateTool(name, tool as ToolParts, gating, announcer)];
  });
  return Object.fromEntries(gated) as TOOLS;
}

function createGating(options: GateToolsOptions): {
  readonly gating: Gating;
  readonly announcer: Announcer | undefined;
} {
  if (options.durable && !options.runId) {
    throw misconfigured(
      "Expected runId with durable: true, got none. Pass the id of the conversation: it is how the process that goes on finds the questions again.",
    );
  }
  const { preliminary, onPending } = options;
  const announcer = preliminary && !options.durable ? createAnnouncer(preliminary) : undefined;
  const tell = (pending: PendingCall) => {
    onPending?.(pending);
    announcer?.announce(pending);
  };
  const gate = createGate({ ...options, onPending: tell });
  return { gating: { gate, options, notes: createNotes(gate, options) }, announcer };
}

function gateTool(
  name: string,
  tool: ToolParts,
  gating: Gating,
  announcer: Announcer | undefined,
): ToolParts {
  const { execute, inputSchema } = tool;
  if (execute === undefined) {
    const verdict = requireHarmless(name, gating.options.policy);
    return verdict === "observe" ? observeInput(name, tool, gating) : tool;
  }
  const gated: GatedTool = { ...gating, name, loadSchema: createSchemaLoader(inputSchema) };
  return {
    ...tool,
    ...carry(gated),
    ...(gating.options.durable && { needsApproval: askFirst(gated, tool) }),
    execute: gateExecute(gated, execute.bind(tool), announcer),
    toModelOutput: tellModel(gated, tool),
  };
}

/** What runs in the browser, or with the model's provider, cannot be held here. */
function requireHarmless(name: string, policy: GatePolicy = "ask"): "allow" | "observe" {
  const table = typeof policy === "object" ? new Map(Object.entries(policy)) : undefined;
  const verdict = table ? (table.get(name) ?? table.get("*")) : policy;
  if (verdict === "allow" || verdict === "observe") return verdict;
  throw misconfigured(
    `Expected execute in the tool ${name}, got none: it runs in the browser or at the provider, where no gate can hold it. Leave it out of gateTools, or name it as "allow" in the policy.`,
  );
}

/** It can be told of all the same: the framework says what the model has called it with. */
function observeInput(name: string, tool: ToolParts, { gate }: Gating): ToolParts {
  return {
    ...tool,
    onInputAvailable: async (given) => {
      await gate.claim({ tool: name, args: given.input, toolCallId: given.toolCallId });
      await tool.onInputAvailable?.(given);
    },
  };
}

/** The framework's own approval, as the policy has it. `execute` believes none of its answers. */
function askFirst({ name, gate }: GatedTool, tool: ToolParts): NeedsApproval {
  if (tool.needsApproval) {
    throw misconfigured(
      `Expected no needsApproval in the tool ${name}, got one. With durable: true, the policy says which calls need a person.`,
    );
  }
  return async (args, { toolCallId }) => {
    return (await gate.judge({ tool: name, args, toolCallId })) === "ask";
  };
}

function tellModel({ name, notes }: GatedTool, tool: ToolParts): ToolParts["toModelOutput"] {
  return async (given) => {
    const { input: args, toolCallId, output } = given;
    const told = tool.toModelOutput ? await tool.toModelOutput(given) : defaultModelOutput(output);
    const note = await notes.find({ tool: name, args, toolCallId });
    return note === undefined ? told : withNote(told, note);
  };
}
