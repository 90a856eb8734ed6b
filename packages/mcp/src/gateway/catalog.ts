import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Verdict } from "@holdpoint/sdk/adapter";
import type { Tool } from "@modelcontextprotocol/client";
import canonicalize from "canonicalize";
import { judgeTool } from "./policy/judge.js";
import type { Upstream } from "./upstream/upstream.js";

/** A tool of a server, as the gateway offers it. */
export interface OfferedTool {
  /** Its name in front. */
  readonly name: string;
  readonly upstream: Upstream;
  /** How people read who would act. */
  readonly service: string;
  /** As the server defines it. */
  readonly tool: Tool;
  readonly verdict: Verdict;
  /** Digest of the definition. */
  readonly digest: string;
}

export interface CatalogOptions {
  readonly upstreams: readonly Upstream[];
  /** Names that no server may take. */
  readonly ownNames: ReadonlySet<string>;
  readonly onError: (error: Error) => void;
  /** A server has listed its tools after a list without them was given out. */
  readonly onLate: () => void;
}

/** Hosts give a list about a minute. */
const LIST_WITHIN_MS = 20_000;

/** What the servers offer, and what becomes of each tool. */
export class Catalog {
  readonly #options: CatalogOptions;
  readonly #tools = new Map<Upstream, readonly Tool[]>();
  readonly #away = new Set<string>();
  /** Digests of the definitions as they were first listed. They outlive the servers' ends. */
  readonly #firstSeen = new Map<string, string>();

  constructor(options: CatalogOptions) {
    this.#options = options;
  }

  /** Starts every server, for a list that is asked for soon. */
  warmUp(): void {
    for (const upstream of this.#options.upstreams) {
      this.refresh(upstream).catch(this.#options.onError);
    }
  }

  /** Every tool that may be called, from all servers that answer, in the order of the file. */
  async list(): Promise<readonly OfferedTool[]> {
    await this.#refreshAll();
    return this.#offered().filter(({ verdict }) => verdict !== "deny");
  }

  /** The tool of this name, also a denied one. */
  async find(name: string): Promise<OfferedTool | undefined> {
    const known = this.#known(name);
    if (known) return known;
    await this.#refreshAll();
    return this.#known(name);
  }

  /** The servers that did not answer when they were last asked. */
  get away(): readonly string[] {
    return [...this.#away];
  }

  /** The tool a server calls so, with its definition as it is now. */
  async findAt(server: string, tool: string): Promise<OfferedTool | undefined> {
    const upstream = this.#options.upstreams.find(({ name }) => name === server);
    if (upstream === undefined) return undefined;
    await this.refresh(upstream);
    return this.#offered().find((each) => each.upstream === upstream && each.tool.name === tool);
  }

  /** @throws {UpstreamError} `UPSTREAM_UNAVAILABLE`: what it offered before stays known. */
  async refresh(upstream: Upstream): Promise<void> {
    this.#away.add(upstream.name);
    const tools = await upstream.listTools();
    this.#away.delete(upstream.name);
    this.#tools.set(upstream, tools);
    for (const tool of tools) {
      const id = idOf(upstream, tool);
      if (!this.#firstSeen.has(id)) this.#firstSeen.set(id, digestOf(tool));
    }
  }

  /** A server that is slow to start does not keep the others waiting; it is told of when it is there. */
  async #refreshAll(): Promise<void> {
    const { upstreams, onError, onLate } = this.#options;
    const deadline = new AbortController();
    const isOver = delay(LIST_WITHIN_MS, true, { signal: deadline.signal }).catch(() => false);
    await Promise.all(
      upstreams.map(async (upstream) => {
        const refreshed = this.refresh(upstream).then(() => false);
        refreshed.catch(onError);
        const isLate = await Promise.race([refreshed.catch(() => false), isOver]);
        if (isLate) refreshed.then(onLate, () => {});
      }),
    );
    deadline.abort();
  }

  #known(name: string): OfferedTool | undefined {
    return this.#offered().find((each) => each.name === name);
  }

  /** Of two tools with one name, the server that comes first in the file has it. */
  #offered(): readonly OfferedTool[] {
    const { upstreams, ownNames } = this.#options;
    const byName = new Map<string, OfferedTool>();
    for (const upstream of upstreams) {
      const { prefix = `${upstream.name}__`, service = upstream.name } = upstream.server;
      for (const tool of this.#tools.get(upstream) ?? []) {
        const name = `${prefix}${tool.name}`;
        if (!ownNames.has(name) && !byName.has(name)) {
          const digest = digestOf(tool);
          const verdict = this.#judge(upstream, tool, digest);
          byName.set(name, { name, upstream, service, tool, digest, verdict });
        }
      }
    }
    return [...byName.values()];
  }

  /**
   * A tool that people were not to be asked about was judged as it was described then. One whose
   * description or schema has changed since may do something else, and is asked about.
   */
  #judge(upstream: Upstream, tool: Tool, digest: string): Verdict {
    const verdict = judgeTool(tool.name, upstream.server.tools);
    const isOpen = verdict === "allow" || verdict === "observe";
    const hasChanged = this.#firstSeen.get(idOf(upstream, tool)) !== digest;
    return isOpen && hasChanged ? "ask" : verdict;
  }
}

function idOf(upstream: Upstream, tool: Tool): string {
  return JSON.stringify([upstream.name, tool.name]);
}

/** Of everything a server says of a tool, whatever the order of its members. */
function digestOf(tool: Tool): string {
  return createHash("sha256")
    .update(canonicalize(tool) ?? "")
    .digest("hex");
}
