import type { ShieldEntry, ShieldIntent, ShieldReview, ShieldStep } from "../entry.js";
import type { ShieldDescription, ShieldProfile } from "../profile.js";
import { advanceRun, forgiveRun, hasId, isLate, type RunCursor, resumeRun } from "../run.js";
import type { ScoreContext, ShieldScore } from "../score.js";
import { pack, unpack } from "./bytes.js";
import { Calibration } from "./calibration.js";
import type { Columns } from "./counts.js";
import { describeProfile } from "./describe.js";
import { Entropy, type EntropyState } from "./entropy.js";
import { FadingClock, type FadingClockState } from "./fading.js";
import { Gaps } from "./gaps.js";
import { type Measure, measure } from "./measure.js";
import { Model, type ModelState, type Way } from "./model.js";
import { createRun, type Run, Runs } from "./runs.js";

/** A profile as the fold of a log. What it measures a step with, it has only counted. */
export class Fold implements ShieldProfile {
  #sequence: number;
  #lastReceivedAt: number | undefined;
  readonly #clock: FadingClock;
  readonly #model: Model;
  readonly #gaps: Gaps;
  readonly #calibration: Calibration;
  readonly #entropy: Entropy;
  readonly #runs: Runs;

  constructor(head?: Head, columns?: Columns) {
    this.#sequence = head?.sequence ?? 0;
    this.#lastReceivedAt = head?.lastReceivedAt ?? undefined;
    this.#clock = new FadingClock(head?.clock);
    this.#runs = new Runs(head?.runs);
    // In the order in which `encode` puts their columns.
    this.#model = new Model(head?.model, columns);
    const isKept = head !== undefined && columns !== undefined;
    this.#gaps = isKept ? Gaps.from(columns) : new Gaps();
    this.#calibration = isKept ? Calibration.from(columns, head.calibrated) : new Calibration();
    this.#entropy = isKept ? Entropy.from(columns, head.entropy) : new Entropy();
  }

  static decode(bytes: Uint8Array): Fold {
    const { head, columns } = unpack(bytes);
    // The checksum holds: nobody else than `encode` has written it.
    return new Fold(head as Head, columns);
  }

  encode(): Uint8Array {
    const head: Head = {
      sequence: this.#sequence,
      lastReceivedAt: this.#lastReceivedAt ?? null,
      clock: this.#clock.state,
      runs: this.#runs.all,
      model: this.#model.state,
      calibrated: this.#calibration.pushed,
      entropy: this.#entropy.state,
    };
    return pack(head, [
      ...this.#model.columns(),
      ...this.#gaps.columns(),
      ...this.#calibration.columns(),
      ...this.#entropy.columns(),
    ]);
  }

  get sequence(): number {
    return this.#sequence;
  }

  score(intent: ShieldIntent, context: ScoreContext): ShieldScore {
    return measure(this.#measureAt(intent.receivedAt), intent, context);
  }

  cursor(runKey: string): RunCursor | undefined {
    return this.#runs.get(runKey)?.cursor;
  }

  describe(): ShieldDescription {
    const at = this.#measureAt(this.#lastReceivedAt ?? 0);
    return describeProfile(at, this.#entropy, this.#lastReceivedAt);
  }

  apply(entry: ShieldEntry): void {
    if (entry.sequence <= this.#sequence) return;
    this.#sequence = entry.sequence;
    this.#lastReceivedAt = entry.receivedAt;
    this.#clock.advance(entry.receivedAt);
    this.#endIdle();
    if (entry.kind === "step") this.#step(entry);
    else this.#review(entry);
    const excess = this.#runs.takeExcess();
    if (excess !== undefined) this.#end(excess);
  }

  #endIdle(): void {
    const nowMs = this.#clock.elapsedMs;
    for (let run = this.#runs.takeIdle(nowMs); run; run = this.#runs.takeIdle(nowMs))
      this.#end(run);
  }

  #step(step: ShieldStep): void {
    const before = this.#resume(step);
    const late = isLate(before?.cursor, step);
    if (step.learns) this.#learn(step, before, late);
    const cursor = advanceRun(before?.cursor, step);
    const run = before ?? createRun(cursor);
    run.cursor = cursor;
    run.touchedMs = this.#clock.elapsedMs;
    run.bits += step.surpriseBits;
    run.steps += 1;
    run.waiting += step.learns ? 0 : 1;
    if (!late) run.endsWaiting = !step.learns;
    if (cursor.ended) this.#end(run);
    else this.#runs.put(run);
  }

  /** The run that the step belongs to, out of all runs, its end taken back; `undefined` where it begins anew. */
  #resume({ runKey, receivedAt }: ShieldStep): Run | undefined {
    const run = this.#runs.take(runKey);
    if (run === undefined) return undefined;
    if (resumeRun(run.cursor, receivedAt) === undefined) {
      if (!run.cursor.ended) this.#end(run);
      // With an id it would wait to be reopened, and it is too late for that.
      this.#runs.take(runKey);
      return undefined;
    }
    if (run.endWeight !== null) this.#model.unlearnEnd(run.cursor, run.endWeight);
    run.endWeight = null;
    return run;
  }

  #learn(step: ShieldStep, run: Run | undefined, late: boolean): void {
    const { weight } = this.#clock;
    const id = this.#model.learnStep(step, weight);
    // What leads away from a departure that waits for a person would teach the way around it.
    if (late || run?.endsWaiting === true) return;
    this.#model.learnWay(step, id, weight);
    const lastObservedAt = run?.cursor.lastObservedAt;
    if (step.observedAt !== undefined && lastObservedAt !== undefined) {
      this.#gaps.add(id, step.observedAt - lastObservedAt, weight);
    }
  }

  #end(run: Run): void {
    const { weight } = this.#clock;
    const { cursor } = run;
    if (!run.endsWaiting) {
      this.#model.learnEnd(cursor, weight);
      run.endWeight = weight;
    }
    run.cursor = { ...cursor, ended: true };
    this.#tell(run);
    this.#calibrate(run);
    if (hasId(cursor.key)) this.#runs.put(run);
  }

  #tell(run: Run): void {
    if (run.entropyRun === null) run.entropyRun = this.#entropy.push(run.bits, run.steps);
    else this.#entropy.more(run.entropyRun, run.bits, run.steps);
    run.bits = 0;
    run.steps = 0;
  }

  /** A run with a departure that waits for a person does not count: repetition would make it usual. */
  #calibrate(run: Run): void {
    const { maxSurpriseBits } = run.cursor;
    if (run.waiting > 0) return;
    if (run.calibrationRun === null) run.calibrationRun = this.#calibration.push(maxSurpriseBits);
    else this.#calibration.replace(run.calibrationRun, maxSurpriseBits);
  }

  #review(review: ShieldReview): void {
    const run = this.#runs.get(review.runKey);
    const way = wayOf(review);
    const word = { isCounted: review.learns, weight: this.#clock.weight };
    if (review.answer === "usual") {
      this.#model.approve(way, word);
      if (run !== undefined) this.#forgive(run, review);
    } else {
      this.#model.reject(way, word);
      // What a person has called unusual is no measure of what is usual.
      if (run !== undefined && review.learns) run.waiting += 1;
    }
  }

  #forgive(run: Run, review: ShieldReview): void {
    run.cursor = forgiveRun(run.cursor);
    if (review.learns) return;
    run.waiting = Math.max(run.waiting - 1, 0);
    const { previous, beforePrevious } = run.cursor;
    // It is the step the run stands at: what follows may be learnt.
    if (previous === review.action && beforePrevious === review.previous) run.endsWaiting = false;
    if (run.cursor.ended) this.#calibrate(run);
  }

  #measureAt(receivedAt: number): Measure {
    return {
      model: this.#model,
      gaps: this.#gaps,
      calibration: this.#calibration,
      runs: this.#entropy.runs,
      now: this.#clock.weightAt(receivedAt),
    };
  }
}

/** What is kept of a profile beside its columns. */
interface Head {
  readonly sequence: number;
  readonly lastReceivedAt: number | null;
  readonly clock: FadingClockState;
  readonly runs: readonly Run[];
  readonly model: ModelState;
  /** Runs ever put into the calibration. */
  readonly calibrated: number;
  readonly entropy: EntropyState;
}

function wayOf({ previous, beforePrevious, action, skeletonHash }: ShieldReview): Way {
  return {
    context: {
      ...(previous !== undefined && { previous }),
      ...(beforePrevious !== undefined && { beforePrevious }),
    },
    action,
    ...(skeletonHash !== undefined && { skeletonHash }),
  };
}
