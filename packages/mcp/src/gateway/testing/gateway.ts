import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { connectStdio, type Era, type TestClient } from "../../testing/connect.js";
import { type ListeningPlane, listenPlane } from "../../testing/plane.js";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = fileURLToPath(new URL("upstream.program.ts", import.meta.url));

/** How the gateway starts the small server. */
export const NOTES = {
  command: process.execPath,
  args: ["--conditions=@holdpoint/source", `--import=${tsx}`, program],
} as const;

export interface StartedGateway extends TestClient {
  readonly pid: number;
  call(name: string, args?: Record<string, unknown>): Promise<CallToolResult>;
  check(requestId: string): Promise<CallToolResult>;
}

/** A control plane, a folder for files, and gateways that are real processes. */
export interface Stage extends AsyncDisposable {
  readonly plane: ListeningPlane;
  readonly folder: string;
  /** A server entry for the notes, with policy and log. */
  notes(entry?: object): object;
  /** What the notes did. */
  log(): Promise<readonly string[]>;
  start(
    servers: Readonly<Record<string, object>>,
    options?: { readonly era?: Era; readonly args?: readonly string[]; readonly env?: object },
  ): Promise<StartedGateway>;
}

export async function setStage(options?: Parameters<typeof listenPlane>[0]): Promise<Stage> {
  const plane = await listenPlane(options);
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-gateway-"));
  const log = join(folder, "notes.log");
  let configs = 0;
  return {
    plane,
    folder,
    notes: (entry = {}) => ({ ...NOTES, env: { NOTES_LOG: log }, ...entry }),
    log: async () => (await readFile(log, "utf8").catch(() => "")).split("\n").slice(0, -1),
    async start(servers, { era = "modern", args = [], env = {} } = {}) {
      configs += 1;
      const file = join(folder, `gateway-${configs}.json`);
      await writeFile(file, JSON.stringify({ servers }));
      const connected = await connectStdio(
        { PATH: String(process.env.PATH), ...plane.environment, ...env },
        { era, args: ["gateway", "--config", file, ...args] },
      );
      const call = (name: string, given: Record<string, unknown> = {}) =>
        connected.client.callTool({ name, arguments: given });
      return {
        ...connected,
        call,
        check: (requestId) => call("holdpoint__check_request", { request_id: requestId }),
      };
    },
    async [Symbol.asyncDispose]() {
      await plane.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The text a model reads first. */
export function textOf({ content }: CallToolResult): string {
  const [first] = content;
  return first?.type === "text" ? first.text : "";
}

/** The request that an answer names. */
export function requestIdOf(result: CallToolResult): string {
  return /req_[0-9a-z]{26}/.exec(textOf(result))?.[0] ?? "";
}
