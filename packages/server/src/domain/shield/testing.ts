import type { ShieldAnswer } from "@holdpoint/protocol/shield";
import { departs } from "./departure.js";
import type { ShieldEntry, ShieldIntent, ShieldStep } from "./entry.js";
import { createProfile, type ShieldProfile } from "./profile.js";
import { contextOf } from "./run.js";
import type { ShieldScore } from "./score.js";

/** 2026-01-01T00:00:00Z. */
export const START_AT = Date.UTC(2026, 0, 1);
export const DAY_MS = 86_400_000;

/** Random numbers from 0 up to 1, the same for the same seed (Park and Miller). */
export function createRandom(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A log with the profile that follows it, as the pipeline writes and reads one. Time passes by hand. */
export class TestLog {
  readonly entries: ShieldEntry[] = [];
  profile: ShieldProfile;
  nowMs = START_AT;
  isLocked = false;
  readonly holdOneIn: number;

  constructor({ holdOneIn = 100, profile = createProfile() } = {}) {
    this.holdOneIn = holdOneIn;
    this.profile = profile;
  }

  /** Measures a step without logging it. */
  measure(action: string, fields: Partial<ShieldIntent> = {}): ShieldScore {
    const intent = this.#intentOf(action, fields);
    return this.profile.score(intent, contextOf(this.profile.cursor(intent.runKey), intent));
  }

  /** Measures a step a second after the one before, logs it and folds it in. */
  step(action: string, fields: Partial<ShieldIntent> = {}): ShieldStep {
    this.nowMs += 1_000;
    const intent = this.#intentOf(action, fields);
    const context = contextOf(this.profile.cursor(intent.runKey), intent);
    const score = this.profile.score(intent, context);
    const isDeparture = departs(score, this.holdOneIn);
    return this.log({
      kind: "step",
      ...intent,
      ...(context.previous !== undefined && { previous: context.previous }),
      ...(context.beforePrevious !== undefined && { beforePrevious: context.beforePrevious }),
      sequence: this.entries.length + 1,
      surpriseBits: score.surpriseBits,
      departs: isDeparture,
      learns: !this.isLocked,
    });
  }

  /** A whole run, each step of it. */
  run(runKey: string, actions: readonly string[], fields: Partial<ShieldIntent> = {}) {
    return actions.map((action, index) =>
      this.step(action, { runKey, endsRun: index === actions.length - 1, ...fields }),
    );
  }

  review(step: ShieldStep, answer: ShieldAnswer): void {
    this.nowMs += 1_000;
    const { kind, sequence, receivedAt, priority, observedAt, endsRun, ...about } = step;
    const of = { kind: "review", sequence: this.entries.length + 1, answer } as const;
    this.log({ ...about, ...of, receivedAt: this.nowMs });
  }

  log<Entry extends ShieldEntry>(entry: Entry): Entry {
    this.entries.push(entry);
    this.profile.apply(entry);
    return entry;
  }

  #intentOf(action: string, fields: Partial<ShieldIntent>): ShieldIntent {
    return {
      runKey: "agt_1/run_1",
      action,
      priority: "medium",
      receivedAt: this.nowMs,
      endsRun: false,
      ...fields,
    };
  }
}

/** Runs of a service with a routine: mostly the same, in two ways, one of them rarer. */
export function learnRoutine(log: TestLog, runs: number, seed = 1): void {
  const random = createRandom(seed);
  for (let run = 0; run < runs; run += 1) {
    const middle = random() < 0.8 ? ["summarise"] : ["ask_colleague", "summarise"];
    log.run(`agt_1/routine_${log.entries.length}`, ["read_logs", ...middle, "open_ticket"]);
  }
}
