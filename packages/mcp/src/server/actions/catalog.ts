import { randomUUID } from "node:crypto";
import type { Holdpoint } from "@holdpoint/sdk";
import { type ActionTool, gateActions } from "@holdpoint/sdk/adapter";
import type { ServerSettings } from "../options.js";

/** An action that is registered later is offered to connections after this, in milliseconds. */
const FRESH_MS = 60_000;

interface Listed {
  readonly tools: Promise<readonly ActionTool[]>;
  readonly endsAtMs: number;
}

/**
 * The actions of the gate, for all instances of a server: some clients have one made for every call.
 *
 * MCP gives calls no id, so a call is known by what it is until its answer has been handed over: a
 * model that asks again after a time-out finds its call, and makes no second one.
 */
export class ActionCatalog {
  readonly #holdpoint: Holdpoint;
  readonly #settings: Pick<ServerSettings, "waitMs" | "runId">;
  readonly #open = new Map<string, string>();
  #listed: Listed | undefined;

  constructor(holdpoint: Holdpoint, settings: Pick<ServerSettings, "waitMs" | "runId">) {
    this.#holdpoint = holdpoint;
    this.#settings = settings;
  }

  /** @throws what `gate.actions` throws; asked again, it tries again. */
  async list(): Promise<readonly ActionTool[]> {
    const now = performance.now();
    if (this.#listed === undefined || this.#listed.endsAtMs <= now) {
      const { waitMs, runId } = this.#settings;
      const tools = gateActions(this.#holdpoint, { waitMs, runId });
      this.#listed = { tools, endsAtMs: now + FRESH_MS };
    }
    const listed = this.#listed;
    try {
      return await listed.tools;
    } catch (error) {
      if (this.#listed === listed) this.#listed = undefined;
      throw error;
    }
  }

  /** The key of a call: the one it had before, or a new one. */
  keyFor(digest: string): string {
    const key = this.#open.get(digest) ?? `mcp-action:${randomUUID()}`;
    this.#open.set(digest, key);
    return key;
  }

  /** The answer has been handed over: the same call once more is a new one. */
  settle(digest: string): void {
    this.#open.delete(digest);
  }
}
