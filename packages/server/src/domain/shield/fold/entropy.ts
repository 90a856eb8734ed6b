import type { Columns } from "./counts.js";

/** Points of the curve, at most. */
const MAX_POINTS = 64;
/** Runs of which each is known by itself. */
const RECENT = 1_024;

/** What the steps of some runs said together that was not known before. */
interface Told {
  runs: number;
  bits: number;
  steps: number;
}

/** How surprising a step of the ended runs was on average: a curve over all, and each of the last. */
export class Entropy {
  readonly #points: Told[];
  readonly #recentBits: Float64Array;
  readonly #recentSteps: Float64Array;
  #runsAPoint: number;
  #runs: number;

  constructor(
    { points, runsAPoint, runs }: EntropyState = { points: [], runsAPoint: 1, runs: 0 },
    recentBits: Float64Array = new Float64Array(RECENT),
    recentSteps: Float64Array = new Float64Array(RECENT),
  ) {
    this.#points = points.map(([of, bits, steps]) => ({ runs: of, bits, steps }));
    this.#runsAPoint = runsAPoint;
    this.#runs = runs;
    this.#recentBits = recentBits;
    this.#recentSteps = recentSteps;
  }

  /** Runs that have ended. */
  get runs(): number {
    return this.#runs;
  }

  /** The run's number, for {@link more}. */
  push(bits: number, steps: number): number {
    const run = this.#runs;
    this.#runs += 1;
    this.#recentBits[run % RECENT] = bits;
    this.#recentSteps[run % RECENT] = steps;
    const point = this.#openPoint();
    point.runs += 1;
    point.bits += bits;
    point.steps += steps;
    return run;
  }

  /** What a run has told since it had ended for the first time. */
  more(run: number, bits: number, steps: number): void {
    const point = this.#points.at(-1);
    if (point === undefined) return;
    point.bits += bits;
    point.steps += steps;
    if (run < this.#runs - RECENT) return;
    this.#recentBits[run % RECENT] = (this.#recentBits[run % RECENT] ?? 0) + bits;
    this.#recentSteps[run % RECENT] = (this.#recentSteps[run % RECENT] ?? 0) + steps;
  }

  /** Mean bits of a step of the runs numbered `from` up to, not with, `to`. */
  mean(from: number, to: number): number | undefined {
    if (from < Math.max(this.#runs - RECENT, 0) || to > this.#runs) return undefined;
    let [bits, steps] = [0, 0];
    for (let run = from; run < to; run += 1) {
      bits += this.#recentBits[run % RECENT] ?? 0;
      steps += this.#recentSteps[run % RECENT] ?? 0;
    }
    return steps === 0 ? undefined : bits / steps;
  }

  curve(): readonly { readonly runs: number; readonly bits: number }[] {
    let runs = 0;
    return this.#points.map((point) => {
      runs += point.runs;
      return { runs, bits: point.steps === 0 ? 0 : point.bits / point.steps };
    });
  }

  get state(): EntropyState {
    return {
      points: this.#points.map(({ runs, bits, steps }) => [runs, bits, steps] as const),
      runsAPoint: this.#runsAPoint,
      runs: this.#runs,
    };
  }

  columns(): readonly [Float64Array, Float64Array] {
    return [this.#recentBits, this.#recentSteps];
  }

  static from(columns: Columns, state: EntropyState): Entropy {
    return new Entropy(state, columns.float64(), columns.float64());
  }

  #openPoint(): Told {
    const last = this.#points.at(-1);
    if (last !== undefined && last.runs < this.#runsAPoint) return last;
    if (this.#points.length === MAX_POINTS) this.#halve();
    const point = { runs: 0, bits: 0, steps: 0 };
    this.#points.push(point);
    return point;
  }

  #halve(): void {
    const halves = this.#points.splice(0);
    for (let at = 0; at < halves.length; at += 2) {
      const [one, two] = [halves[at] as Told, halves[at + 1] as Told];
      this.#points.push({
        runs: one.runs + two.runs,
        bits: one.bits + two.bits,
        steps: one.steps + two.steps,
      });
    }
    this.#runsAPoint *= 2;
  }
}

export interface EntropyState {
  readonly points: readonly (readonly [runs: number, bits: number, steps: number])[];
  readonly runsAPoint: number;
  readonly runs: number;
}
