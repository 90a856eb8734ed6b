import { LIMITS } from "@holdpoint/protocol";
import type { Clock } from "../domain/clock.js";
import type { ActionOutcome, ActionRun, ActionRunner } from "../domain/gate/run.js";
import type { Resolve } from "../network/address.js";
import type { SecretStore, WasmModuleStore } from "../store/verbs/actions.js";
import { startDeadline, untilAborted } from "./deadline.js";
import type { CallRules } from "./egress/call.js";
import { createEgress, methodsOf } from "./egress/rule.js";
import { createTransport, type Transport } from "./egress/transport.js";
import { FaultError } from "./fault.js";
import { runHttp } from "./providers/http.js";
import { runMcp } from "./providers/mcp/run.js";
import type { Provider, ProviderResult } from "./providers/provider.js";
import { createWasmProvider } from "./providers/wasm/run.js";
import { redactPointers } from "./redact/pointers.js";
import { type Credentials, openCredentials } from "./secrets/credentials.js";
import { createSecretResolver, type ResolveSecret, type SecretSources } from "./secrets/resolve.js";
import { verify } from "./verify/verify.js";

export interface RunnerParts {
  readonly clock: Clock;
  readonly secrets: Pick<SecretStore, "open">;
  readonly modules: Pick<WasmModuleStore, "find">;
  /** Secrets that are not kept by the control plane. Default none. */
  readonly secretSources?: SecretSources;
  /** Lets manifests that ask for it reach this machine and private networks. Default false. */
  readonly allowPrivateEgress?: boolean;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
  /** PEM of the certificate authorities that are trusted. Default: Node's. */
  readonly authorities?: string;
}

/** Runs actions by what their manifests say, with secrets that only the call itself carries. */
export function createActionRunner(parts: RunnerParts): ActionRunner {
  const { clock, allowPrivateEgress = false, resolve, authorities } = parts;
  const resolveSecret = createSecretResolver(parts.secrets, parts.secretSources);
  const transport = createTransport({
    ...(resolve !== undefined && { resolve }),
    ...(authorities !== undefined && { authorities }),
  });
  const provide = createProvide(createWasmProvider(parts.modules));
  return {
    async run(run, signal) {
      const { manifest } = run.action;
      const timeoutMs = manifest.timeout_ms ?? LIMITS.defaultActionTimeoutMs;
      const deadline = startDeadline(clock, timeoutMs, signal);
      const rules = createRules(
        run,
        { transport, resolveSecret, allowPrivateEgress },
        deadline.signal,
      );
      try {
        return await attempt(provide, run, rules);
      } catch (error) {
        if (error instanceof FaultError) return outcomeOf(error);
        throw error;
      } finally {
        deadline.stop();
      }
    },
    async close() {
      transport.close();
    },
  };
}

type Provide = (run: ActionRun, rules: CallRules) => Promise<ProviderResult>;

function createProvide(runWasm: Provider<"wasm">): Provide {
  return (run, rules) => {
    const { provider } = run.action.manifest;
    switch (provider.type) {
      case "http":
        return runHttp(provider, run, rules);
      case "mcp":
        return runMcp(provider, run, rules);
      case "wasm":
        return runWasm(provider, run, rules);
    }
  };
}

async function attempt(provide: Provide, run: ActionRun, rules: CallRules): Promise<ActionOutcome> {
  const result = await provide(run, rules);
  const verification = await verify(run, result, rules);
  const output = redactPointers(result.output, run.action.manifest.redact ?? []);
  return { outcome: "success", output, verification };
}

function outcomeOf({ fault, mayHaveActed }: FaultError): ActionOutcome {
  return { outcome: mayHaveActed ? "outcome_unknown" : "failed", fault };
}

interface RuleParts {
  readonly transport: Transport;
  readonly resolveSecret: ResolveSecret;
  readonly allowPrivateEgress: boolean;
}

function createRules(
  { action: { manifest, projectId } }: ActionRun,
  { transport, resolveSecret, allowPrivateEgress }: RuleParts,
  signal: AbortSignal,
): CallRules {
  const { egress, provider } = manifest;
  const methods = methodsOf(egress, provider);
  let opened: Credentials | undefined;
  return {
    transport,
    egress: createEgress(egress, methods, allowPrivateEgress),
    readBackEgress: createEgress(egress, ["GET"], allowPrivateEgress),
    maxRequestBytes: manifest.max_request_bytes ?? LIMITS.defaultActionBytes,
    maxResponseBytes: manifest.max_response_bytes ?? LIMITS.defaultActionBytes,
    signal,
    async credentials() {
      // Once they are there the end of the run is no matter: the call they were for has been made.
      opened ??= await untilAborted(openCredentials(manifest, projectId, resolveSecret), signal);
      return opened;
    },
  };
}
