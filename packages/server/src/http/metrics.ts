import type { GateOutcome } from "@holdpoint/protocol/gate";
import type { PurchaseStatus } from "@holdpoint/protocol/spend";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ShieldSource } from "../domain/shield/entry.js";

/** What one control plane counts. Labels are of bounded variety: no ids, no names from outside. */
export interface Metrics {
  /** One HTTP call answered. `operation` is its id, never the path that came. */
  observeCall(operation: string, status: number, seconds: number): void;
  observeResolution(status: string): void;
  observeExecution(status: string): void;
  /** One purchase judged, confirmed, or over by its time. */
  observePurchase(outcome: PurchaseStatus): void;
  /** One call of the gate: not let through, held for a person, or run and how that ended. */
  observeGateCall(outcome: GateOutcome | "denied" | "exhausted" | "held"): void;
  /** Does one step of a call of the gate, and notes how long it took, however it ended. */
  timeGateStep<Result>(step: GateStep, work: () => Promise<Result>): Promise<Result>;
  /** One attempt to deliver a webhook, by what came of it. */
  observeWebhook(outcome: "delivered" | "retry" | "dead" | "gone"): void;
  /** One step of a run measured by the shield. */
  observeShieldStep(source: ShieldSource, anomalous: boolean): void;
  /** Measures a step or a batch of them, and notes how long it took, however it ended. */
  timeShield<Result>(work: () => Promise<Result>): Promise<Result>;
  /** How many profiles of the shield are in memory. */
  setShieldProfiles(count: number): void;
  /** Counts one held request until the returned function is called. */
  hold(): () => void;
  readonly contentType: string;
  render(): Promise<string>;
}

/**
 * `identify`: lease, proof, and that it is new. `find`: what the call names, and its parameters. `judge`:
 * the policy. `begin`: request, budget and claim. `run`: the action. `settle`: what came of it.
 */
export type GateStep = "identify" | "find" | "judge" | "begin" | "run" | "settle";

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const calls = new Counter({
    name: "holdpoint_http_requests_total",
    help: "HTTP calls answered, by operation and status.",
    labelNames: ["operation", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "holdpoint_http_request_duration_seconds",
    help: "Time to answer, by operation; held requests include their wait.",
    labelNames: ["operation"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  });
  const resolutions = new Counter({
    name: "holdpoint_requests_resolved_total",
    help: "Requests that left PENDING, by the status they got.",
    labelNames: ["status"],
    registers,
  });
  const webhooks = new Counter({
    name: "holdpoint_webhook_attempts_total",
    help: "Attempts to deliver webhooks, by what came of them.",
    labelNames: ["outcome"],
    registers,
  });
  const executions = new Counter({
    name: "holdpoint_executions_total",
    help: "Executions that came to a status: claimed, settled, or gone unknown.",
    labelNames: ["status"],
    registers,
  });
  const purchases = new Counter({
    name: "holdpoint_purchases_total",
    help: "Purchases that were judged, confirmed, or given back for their time was over.",
    labelNames: ["outcome"],
    registers,
  });
  const gateCalls = new Counter({
    name: "holdpoint_gate_calls_total",
    help: "Calls of actions: denied, exhausted, held, or run, by how that ended.",
    labelNames: ["outcome"],
    registers,
  });
  const gateSteps = new Histogram({
    name: "holdpoint_gate_step_seconds",
    help: "Time the steps of calls of the gate took; identify also of other calls with a lease.",
    labelNames: ["step"],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 30, 300],
    registers,
  });
  const shieldSteps = new Counter({
    name: "holdpoint_shield_steps_total",
    help: "Steps measured by the shield: how they came, and whether they were anomalies.",
    labelNames: ["source", "anomalous"],
    registers,
  });
  const shieldDurations = new Histogram({
    name: "holdpoint_shield_measure_seconds",
    help: "Time the shield took to catch up with its log and to measure a step, or a batch of them.",
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 5],
    registers,
  });
  const shieldProfiles = new Gauge({
    name: "holdpoint_shield_profiles",
    help: "Profiles of the shield that are in memory.",
    registers,
  });
  const waiters = new Gauge({
    name: "holdpoint_pending_waiters",
    help: "Held requests waiting for a decision.",
    registers,
  });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of this process.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  return {
    observeCall(operation, status, seconds) {
      calls.inc({ operation, status: String(status) });
      durations.observe({ operation }, seconds);
    },
    observeResolution: (status) => resolutions.inc({ status }),
    observeExecution: (status) => executions.inc({ status }),
    observePurchase: (outcome) => purchases.inc({ outcome }),
    observeGateCall: (outcome) => gateCalls.inc({ outcome }),
    timeGateStep: (step, work) => timed(work, (seconds) => gateSteps.observe({ step }, seconds)),
    observeWebhook: (outcome) => webhooks.inc({ outcome }),
    observeShieldStep: (source, anomalous) =>
      shieldSteps.inc({ source, anomalous: String(anomalous) }),
    timeShield: (work) => timed(work, (seconds) => shieldDurations.observe(seconds)),
    setShieldProfiles: (count) => shieldProfiles.set(count),
    hold() {
      waiters.inc();
      return () => waiters.dec();
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}

async function timed<Result>(
  work: () => Promise<Result>,
  observe: (seconds: number) => void,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    return await work();
  } finally {
    observe((performance.now() - startedAt) / 1_000);
  }
}
