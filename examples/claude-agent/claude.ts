import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Options, query, type SDKResultMessage } from "@anthropic-ai/claude-agent-sdk";
import { type HoldpointHookOptions, holdpointHook, keepOpen } from "@holdpoint/claude-agent";
import { serveModel } from "./model.js";
import { Transfer } from "./transfer.js";

/** The same in every process: it is how the second finds what the first has asked. */
export const gate = {
  service: "bank",
  action: "transfer",
  policy: { mcp__bank__transfer: "ask", "*": "deny" },
  schemas: { mcp__bank__transfer: Transfer },
} as const satisfies HoldpointHookOptions;

const folder = process.env.WORK_FOLDER ?? join(tmpdir(), "holdpoint-claude-agent");

/** Runs Claude with the bank until its result, anew or from a session that was deferred. */
export async function runClaude(
  hook: Pick<HoldpointHookOptions, "whilePending" | "onPending">,
  resume?: string,
): Promise<SDKResultMessage | undefined> {
  await mkdir(folder, { recursive: true });
  const model = await serveModel();
  const options: Options = {
    ...(resume !== undefined && { resume }),
    hooks: { ...holdpointHook({ ...gate, ...hook }) },
    mcpServers: { bank },
    tools: [],
    cwd: folder,
    settingSources: [],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      CLAUDE_CONFIG_DIR: folder,
      // For the real model: your own key, and no ANTHROPIC_BASE_URL.
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "sk-ant-none",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    },
  };
  let result: SDKResultMessage | undefined;
  const prompt = keepOpen();
  const start = resume === undefined ? "Pay Ada the 125.00 for the lamp." : prompt;
  for await (const message of query({ prompt: start, options })) {
    if (message.type !== "result") continue;
    result = message;
    prompt.close();
  }
  for (const line of model.read()) console.log(line);
  await model.close();
  return result;
}

const bank: NonNullable<Options["mcpServers"]>[string] = {
  command: process.execPath,
  args: [
    `--import=${import.meta.resolve("tsx")}`,
    fileURLToPath(new URL("bank.ts", import.meta.url)),
  ],
  alwaysLoad: true,
};
