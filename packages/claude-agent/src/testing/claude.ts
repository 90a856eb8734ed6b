import { type Options, query, type SDKResultMessage } from "@anthropic-ai/claude-agent-sdk";
import { keepOpen } from "../durable/keep-open.js";
import { type Disk, WORK_FOLDER } from "./disk.js";
import type { FakeModel } from "./model.js";

/** One run of the real `claude` of the SDK, against a fake model, without a network. */
export interface ClaudeRun {
  readonly disk: Disk;
  readonly model: FakeModel;
  /** A session to go on from, in place of a new one. */
  readonly resume?: string | undefined;
  readonly options: Options;
}

/** Each is a process of some 200 MB: so many at once, whatever the test asks for. */
const PROCESSES = 6;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs until the result; throws as the SDK's user would see it. */
export async function runClaude(run: ClaudeRun): Promise<SDKResultMessage> {
  if (running >= PROCESSES) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await readResult(run);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

async function readResult({ disk, model, resume, options }: ClaudeRun): Promise<SDKResultMessage> {
  const open = keepOpen();
  const messages = query({
    prompt: resume === undefined ? "Go on." : open,
    options: {
      ...(resume !== undefined && { resume }),
      cwd: WORK_FOLDER,
      settingSources: [],
      model: "claude-sonnet-4-5",
      env: {
        PATH: process.env.PATH,
        HOME: disk.home,
        CLAUDE_CONFIG_DIR: disk.home,
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: "sk-ant-none",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        // Milliseconds for an MCP server to start, which on a busy machine are not few.
        MCP_TIMEOUT: "60000",
      },
      ...options,
    },
  });
  let result: SDKResultMessage | undefined;
  for await (const message of messages) {
    if (message.type !== "result") continue;
    result = message;
    open.close();
  }
  if (result === undefined) throw new Error("Expected a result message, got none.");
  return result;
}
