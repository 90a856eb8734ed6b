import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { connectInMemory, connectStdio, type Era, type TestClient } from "../../testing/connect.js";
import { type ListeningPlane, listenPlane } from "../../testing/plane.js";
import { loadConfig } from "../config/load.js";
import { createGateway } from "../gateway.js";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = fileURLToPath(new URL("upstream.program.ts", import.meta.url));

/** How a gateway starts the small server. */
export const NOTES = {
  command: process.execPath,
  args: ["--conditions=@holdpoint/source", `--import=${tsx}`, program],
} as const;

export type Servers = Readonly<Record<string, object>>;

export interface StartedGateway extends AsyncDisposable {
  readonly client: TestClient["client"];
  call(name: string, args?: Record<string, unknown>): Promise<CallToolResult>;
  /** Checks a request, as long as it answers `RUNNING`. */
  check(requestId: string): Promise<CallToolResult>;
}

export interface OpenOptions {
  readonly era?: Era;
  /** Milliseconds a call waits for a person. Default 0. */
  readonly waitMs?: number;
}

export interface StartOptions extends OpenOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/** A control plane, a folder for files, and gateways. */
export interface Stage extends AsyncDisposable {
  readonly plane: ListeningPlane;
  /** A server entry for the notes. */
  notes(entry?: object): object;
  /** What the notes did. */
  log(): Promise<readonly string[]>;
  /** The next request, however long a busy machine takes. */
  nextRequest(): ReturnType<ListeningPlane["waitForRequest"]>;
  /** Writes a configuration. */
  configure(servers: Servers): Promise<string>;
  /** A gateway in this process. The servers behind it are processes. */
  open(servers: Servers, options?: OpenOptions): Promise<StartedGateway>;
  /** A gateway that is a process of its own. */
  start(servers: Servers, options?: StartOptions): Promise<StartedGateway & { pid: number }>;
}

export async function setStage(): Promise<Stage> {
  const plane = await listenPlane();
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-gateway-"));
  const log = join(folder, "notes.log");
  let configs = 0;
  const configure = async (servers: Servers) => {
    configs += 1;
    const file = join(folder, `gateway-${configs}.json`);
    await writeFile(file, JSON.stringify({ servers }));
    return file;
  };
  return {
    plane,
    configure,
    notes: (entry = {}) => ({ ...NOTES, env: { NOTES_LOG: log }, ...entry }),
    log: async () => (await readFile(log, "utf8").catch(() => "")).split("\n").slice(0, -1),
    nextRequest: () => plane.waitForRequest({}, { timeoutMs: 60_000 }),
    async open(servers, { era = "modern", waitMs = 0 } = {}) {
      const gateway = createGateway({
        config: await loadConfig(await configure(servers), {}),
        holdpoint: plane.client(),
        waitMs,
        onError: () => {},
      });
      const connected = await connectInMemory(() => gateway.createServer(), { era });
      return {
        ...withCalls(connected),
        async [Symbol.asyncDispose]() {
          await connected[Symbol.asyncDispose]();
          await gateway.close();
        },
      };
    },
    async start(servers, { era = "modern", waitMs = 0, env = {} } = {}) {
      const file = await configure(servers);
      const connected = await connectStdio(
        { PATH: String(process.env.PATH), ...plane.environment, ...env },
        { era, args: ["gateway", "--config", file, "--wait-ms", String(waitMs)] },
      );
      return { ...withCalls(connected), pid: connected.pid };
    },
    async [Symbol.asyncDispose]() {
      await plane.close();
      await rm(folder, { recursive: true });
    },
  };
}

function withCalls(connected: TestClient): StartedGateway {
  const { client } = connected;
  const call = (name: string, args: Record<string, unknown> = {}) =>
    client.callTool({ name, arguments: args });
  return {
    client,
    call,
    async check(requestId) {
      for (;;) {
        const result = await call("holdpoint__check_request", { request_id: requestId });
        if (!textOf(result).startsWith("RUNNING")) return result;
      }
    },
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
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
