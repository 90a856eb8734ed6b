import { LIMITS } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { Pool } from "undici";
import type { ControlPlaneReady } from "../lib/control-plane.js";
import type { Trace, TraceStep } from "./trace.js";

/** An agent that tells what it does, in batches as large as they may be. */
export interface Observer {
  /** Tells the next batch of runs that go on and on. @returns how many steps it told. */
  observe(): Promise<number>;
  /** Tells one step of each of these services, so that each has a profile. */
  observeServices(services: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** @param connections - Calls at once. */
export function connectObserver(
  ready: ControlPlaneReady,
  traces: readonly Trace[],
  service: string,
  connections: number,
): Observer {
  const pool = new Pool(ready.url, { connections, headersTimeout: 0, bodyTimeout: 0 });
  const steps = follow(traces);
  const tell = async (observations: readonly object[]) => {
    const response = await pool.request({
      method: "POST",
      path: "/v1/observations",
      headers: { authorization: `Bearer ${ready.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ observations }),
    });
    const said = await response.body.text();
    if (response.statusCode !== 204) throw new Error(`Expected 204, got ${said}.`);
  };
  return {
    async observe() {
      const batch = Array.from({ length: LIMITS.observationsPerCall }, () => {
        const { step, runId, endsRun } = steps.next().value;
        return {
          ...observationOf(service, step),
          run_id: runId,
          ...(endsRun && { ends_run: true }),
        };
      });
      await tell(batch);
      return batch.length;
    },
    async observeServices(services) {
      const step = { action: "begin", skeletonHash: "0".repeat(64) };
      for (let from = 0; from < services.length; from += LIMITS.observationsPerCall) {
        const page = services.slice(from, from + LIMITS.observationsPerCall);
        await tell(page.map((name) => observationOf(name, step)));
      }
    },
    close: () => pool.destroy(),
  };
}

function observationOf(service: string, { action, skeletonHash }: TraceStep): object {
  return {
    id: typeidUnboxed("obs"),
    service,
    action,
    skeleton_hash: skeletonHash,
    observed_at: new Date().toISOString(),
  };
}

interface NextStep {
  readonly step: TraceStep;
  readonly runId: string;
  readonly endsRun: boolean;
}

/** The steps of all runs, one run after the other, over and over. */
function* follow(traces: readonly Trace[]): Generator<NextStep, never> {
  for (let run = 0; ; run++) {
    const { steps } = traces[run % traces.length] as Trace;
    for (const [index, step] of steps.entries()) {
      yield { step, runId: `run-${run}`, endsRun: index === steps.length - 1 };
    }
  }
}
