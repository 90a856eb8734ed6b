import type { JsonObject } from "@holdpoint/protocol";
import type { ActionManifest, HttpProvider } from "@holdpoint/protocol/gate";
import { digestTextOf } from "../../domain/digest.js";
import type { ActionOutcome, ActionRun, ActionRunner } from "../../domain/gate/run.js";
import { ManualClock } from "../../routes/testing/clock.js";
import { FaultError } from "../fault.js";
import { createActionRunner, type RunnerParts } from "../run.js";
import type { Service } from "./service.js";

/** A runner as a control plane for development has it, and what a test does with it. */
export class RunnerWorld implements AsyncDisposable {
  readonly clock = new ManualClock();
  /** What the control plane keeps, by name. */
  readonly secrets = new Map<string, string>();
  readonly modules = new Map<string, Uint8Array>();
  readonly runner: ActionRunner;

  constructor(parts: Partial<RunnerParts> = {}) {
    this.runner = createActionRunner({
      clock: this.clock,
      secrets: { open: async (_project, name) => this.secrets.get(name) },
      modules: { find: async (_project, digest) => this.modules.get(digest) },
      allowPrivateEgress: true,
      ...parts,
    });
  }

  run(
    manifest: ActionManifest,
    parameters: JsonObject = {},
    options: { readonly signal?: AbortSignal; readonly idempotencyKey?: string } = {},
  ): Promise<ActionOutcome> {
    const { signal = new AbortController().signal, idempotencyKey = "exe_1" } = options;
    return this.runner.run({ ...runOf(manifest, parameters), idempotencyKey }, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.runner.close();
  }
}

function runOf(manifest: ActionManifest, parameters: JsonObject): ActionRun {
  const action = {
    projectId: "prj_1",
    id: manifest.id,
    version: manifest.version,
    digest: digestTextOf(manifest),
    manifest,
    registeredAt: 0,
    registeredBy: { type: "system", id: "system" } as const,
    eventId: "evt_1",
  };
  return { action, parameters, idempotencyKey: "exe_1" };
}

/** A manifest for calls of a service on this machine. */
export function manifestFor(
  service: Pick<Service, "origin" | "port">,
  provider: Partial<HttpProvider> = {},
  rest: Partial<ActionManifest> = {},
): ActionManifest {
  const url = new URL(service.origin);
  return {
    id: "test",
    version: "1.0.0",
    title: "Test",
    description: "Calls a service.",
    risk: "medium",
    parameters: { type: "object" },
    egress: { domains: [url.hostname], ports: [service.port], allow_private: true },
    verification: { type: "none", reason: "Nobody looks." },
    ...rest,
    provider: rest.provider ?? {
      type: "http",
      method: "POST",
      ...provider,
      url: `${service.origin}${provider.url ?? "/things"}`,
    },
  };
}

/** The fault that some work ends with; `undefined` where it ends well. */
export function codeOfFault(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof FaultError) return error.fault.code;
    throw error;
  }
}
