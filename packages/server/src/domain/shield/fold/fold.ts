import type { ShieldEntry, ShieldIntent, ShieldReview, ShieldStep } from "../entry.js";
import type { ShieldDescription, ShieldProfile } from "../profile.js";
import { advanceRun, forgiveRun, hasId, isLate, type RunCursor, resumeRun } from "../run.js";
import type { ScoreContext, ShieldScore } from "../score.js";
import { pack, unpack } from "./bytes.js";
import { Calibration } from "./calibration.js";
import { type ClockState, ProfileClock } from "./clock.js";
import type { Columns } from "./counts.js";
import { describeProfile } from "./describe.js";
import { Entropy, type EntropyState } from "./entropy.js";
import { weightAfter } from "./fading.js";
import { Gaps } from "./gaps.js";
import { type Measure, measure } from "./measure.js";
import { Model, type ModelState, type Way } from "./model.js";
import { createRun, type Run, Runs } from "./runs.js";

/** A profile as the fold of a log. What it measures a step with, it has only counted. */
export class Fold implements ShieldProfile {
  #sequence: number;
  #lastReceivedAt: number | undefined;
  /** Goes on with every entry, and says when runs are over. */
  readonly #clock: ProfileClock;
  /** Goes on while there is learning, so that what is locked does not fade. */
  readonly #learning: ProfileClock;
  /** What a step of now weighs. */
  #weight: number;
  readonly #model: Model;
  readonly #gaps: Gaps;
  readonly #calibration: Calibration;
  readonly #entropy: Entropy;
  readonly #runs: Runs;

  constructor(head?: Head, columns?: Columns) {
    this.#sequence = head?.sequence ?? 0;
    this.#lastReceivedAt = head?.lastReceivedAt ?? undefined;
    this.#clock = new ProfileClock(head?.clock);
    this.#learning = new ProfileClock(head?.learning);
    this.#weight = weightAfter(this.#learning.elapsedMs);
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
      learning: this.#learning.state,
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

  get transitions(): number {
    return this.#model.first.size;
  }

  score(intent: ShieldIntent, context: ScoreContext): ShieldScore {
    return measure(this.#measure, intent, context);
  }

  cursor(runKey: string): RunCursor | undefined {
    return this.#runs.get(runKey)?.cursor;
  }

  describe(): ShieldDescription {
    return describeProfile(this.#measure, this.#entropy, this.#lastReceivedAt);
  }

  apply(entry: ShieldEntry): void {
    if (entry.sequence <= this.#sequence) return;
    this.#sequence = entry.sequence;
    this.#lastReceivedAt = entry.receivedAt;
    this.#clock.advance(entry.receivedAt);
    this.#endIdle();
    if (entry.kind === "step") this.#step(entry);
    else this.#review(entry);
    this.#giveUpExcess();
  }

  #endIdle(): void {
    const nowMs = this.#clock.elapsedMs;
    for (let run = this.#runs.takeIdle(nowMs); run; run = this.#runs.takeIdle(nowMs))
      this.#end(run);
  }

  #giveUpExcess(): void {
    const run = this.#runs.takeExcess();
    if (run === undefined) return;
    this.#end(run);
    this.#runs.take(run.cursor.key);
  }

  #step(step: ShieldStep): void {
    if (step.learns) this.#advanceLearning(step.receivedAt);
    const before = this.#resume(step);
    const late = isLate(before?.cursor, step);
    if (step.learns) this.#learn(step, before, late);
    const cursor = advanceRun(before?.cursor, step);
    const run = before ?? createRun(cursor);
    run.cursor = cursor;
    run.touchedMs = this.#clock.elapsedMs;
    run.bits += step.surpriseBits;
    run.steps += 1;
    run.isLearnt &&= step.learns;
    if (!late) run.endsLearnt = step.learns;
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
    const weight = this.#weight;
    const id = this.#model.learnStep(step, weight);
    // Nor what leads away from a step that does not count.
    if (late || run?.endsLearnt === false) return;
    this.#model.learnWay(step, id, weight);
    const lastObservedAt = run?.cursor.lastObservedAt;
    if (step.observedAt !== undefined && lastObservedAt !== undefined) {
      this.#gaps.add(id, step.observedAt - lastObservedAt, weight);
    }
  }

  #end(run: Run): void {
    const { cursor } = run;
    if (run.endsLearnt) {
      run.endWeight = this.#weight;
      this.#model.learnEnd(cursor, run.endWeight);
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

  /** What did not count at once is no measure of what is usual: repetition would make itself usual. */
  #calibrate(run: Run): void {
    const { maxSurpriseBits } = run.cursor;
    if (!run.isLearnt) return;
    if (run.calibrationRun === null) run.calibrationRun = this.#calibration.push(maxSurpriseBits);
    else this.#calibration.replace(run.calibrationRun, maxSurpriseBits);
  }

  #review(review: ShieldReview): void {
    const run = this.#runs.get(review.runKey);
    const way = wayOf(review);
    const word = { isCounted: review.learns, weight: this.#weight };
    if (review.answer === "usual") {
      this.#model.approve(way, word);
      if (run !== undefined) forgive(run, review);
    } else {
      this.#model.reject(way, word);
      // What a person has called unusual is no measure of what is usual.
      if (run !== undefined) run.isLearnt = false;
    }
  }

  #advanceLearning(receivedAt: number): void {
    this.#learning.advance(receivedAt);
    this.#weight = weightAfter(this.#learning.elapsedMs);
  }

  get #measure(): Measure {
    return {
      model: this.#model,
      gaps: this.#gaps,
      calibration: this.#calibration,
      runs: this.#entropy.runs,
      now: this.#weight,
    };
  }
}

/** After a person has called a step of the run usual. */
function forgive(run: Run, { action, previous }: ShieldReview): void {
  run.cursor = forgiveRun(run.cursor);
  // Where it is the step the run stands at, what follows may be learnt.
  if (run.cursor.previous === action && run.cursor.beforePrevious === previous) {
    run.endsLearnt = true;
  }
}

/** What is kept of a profile beside its columns. */
interface Head {
  readonly sequence: number;
  readonly lastReceivedAt: number | null;
  readonly clock: ClockState;
  readonly learning: ClockState;
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
