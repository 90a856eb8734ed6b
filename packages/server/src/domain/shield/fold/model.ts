import { LIMITS } from "@holdpoint/protocol";
import type { ShieldContext } from "../entry.js";
import { type Amount, type Columns, Counts, NONE, WORTH_OF_WORD } from "./counts.js";
import { BOUNDARY, Names, OTHER } from "./names.js";

/** Shapes of all actions of a profile together. */
const MAX_SHAPES = 100_000;
/** The one row of what is counted wherever it comes from. */
const ANYWHERE = 0;

/** A step of a run, as its way and its shape. */
export interface Way {
  readonly context: ShieldContext;
  readonly action: string;
  readonly skeletonHash?: string;
}

/** Where a step comes from, in numbers. */
export interface Origin {
  /** Row of the first order: the action before, or {@link BOUNDARY}. `NONE`: one that is not known. */
  readonly row: number;
  /** Row of the second order: the transition that led there. `NONE`: there is none, or not known. */
  readonly before: number;
}

/**
 * What follows what: a Markov chain over actions, of first and of second order, in which each action gives
 * its arguments a shape. As one state, action and shape would hardly ever be seen twice.
 */
export class Model {
  readonly actions: Names;
  readonly shapeNames: Names;
  readonly anywhere: Counts;
  readonly first: Counts;
  /** Its rows are the cells of the first order. */
  readonly second: Counts;
  /** Its rows are actions, its symbols shapes. */
  readonly shapes: Counts;
  /** Transitions, and the action whose shapes, that could not be told apart any more. */
  #lostTransitions: boolean;
  #lostShapesOf: string | null;

  constructor(state?: ModelState, columns?: Columns) {
    this.actions = new Names(LIMITS.shieldActions, state?.actions);
    this.shapeNames = new Names(MAX_SHAPES, state?.shapes);
    this.#lostTransitions = state?.lostTransitions ?? false;
    this.#lostShapesOf = state?.lostShapesOf ?? null;
    const next = () => (columns === undefined ? new Counts() : Counts.from(columns));
    this.anywhere = next();
    this.first = next();
    this.second = next();
    this.shapes = next();
  }

  get state(): ModelState {
    return {
      actions: this.actions.all,
      shapes: this.shapeNames.all,
      lostTransitions: this.#lostTransitions,
      lostShapesOf: this.#lostShapesOf,
    };
  }

  columns() {
    return [this.anywhere, this.first, this.second, this.shapes].flatMap((counts) =>
      counts.columns(),
    );
  }

  /** All steps that count. */
  get steps(): number {
    return this.anywhere.rowTotal(ANYWHERE) - this.actionCount(BOUNDARY);
  }

  actionCount(action: number): number {
    return action === NONE ? 0 : this.anywhere.count(this.anywhere.find(ANYWHERE, action));
  }

  /** Counts an action and its shape, not the way there. */
  learnStep({ action, skeletonHash }: Omit<Way, "context">, weight: number): number {
    const id = this.actions.intern(action);
    this.anywhere.add(this.anywhere.ensure(ANYWHERE, id), weight);
    if (skeletonHash !== undefined) {
      this.shapes.add(this.#ensureShape(id, skeletonHash), weight);
    }
    return id;
  }

  /** Counts the way to an action, as far as where it comes from is known. */
  learnWay(context: ShieldContext, to: number, weight: number): void {
    const origin = this.originOf(context);
    if (origin.row === NONE) return;
    this.first.add(this.#ensureFirst(origin.row, to), weight);
    const second = this.#ensureSecond(origin.before, to);
    if (second !== NONE) this.second.add(second, weight);
  }

  learnEnd(context: ShieldContext, weight: number): void {
    this.anywhere.add(this.anywhere.ensure(ANYWHERE, BOUNDARY), weight);
    this.learnWay(context, BOUNDARY, weight);
  }

  /** Takes back what {@link learnEnd} has counted. */
  unlearnEnd(context: ShieldContext, weight: number): void {
    const once = { steps: 1, weight };
    take(this.anywhere, this.anywhere.find(ANYWHERE, BOUNDARY), once);
    this.#takeWay(context, BOUNDARY, once);
  }

  /**
   * Takes a person's word that a step is usual, and counts it if it did not count yet.
   *
   * @param options.isCounted - The step itself counts already; the way there may still not.
   */
  approve(way: Way, { isCounted, weight }: { isCounted: boolean; weight: number }): void {
    const { context, action, skeletonHash } = way;
    // The person has seen the name of the step before, even if it counts nothing itself.
    if (context.previous !== undefined) this.actions.intern(context.previous);
    const to = isCounted ? this.actions.intern(action) : this.learnStep(way, weight);
    const { row, before } = this.originOf(context);
    const ways: readonly [Counts, number][] = [
      [this.first, row === NONE ? NONE : this.#ensureFirst(row, to)],
      [this.second, this.#ensureSecond(before, to)],
    ];
    for (const [counts, cell] of ways) {
      if (cell === NONE) continue;
      if (!isCounted || counts.count(cell) === 0) counts.add(cell, weight);
      counts.approve(cell);
    }
    if (skeletonHash !== undefined) this.shapes.approve(this.#ensureShape(to, skeletonHash));
  }

  /** Takes a person's word that a step is not usual, and what was learnt of it. */
  reject(way: Way, { isCounted, weight }: { isCounted: boolean; weight: number }): void {
    const { context, action, skeletonHash } = way;
    const to = this.actions.find(action);
    if (to === NONE) return;
    const learnt = isCounted ? 1 : 0;
    const word = { steps: WORTH_OF_WORD + learnt, weight, approvals: 1 };
    take(this.anywhere, this.anywhere.find(ANYWHERE, to), { steps: learnt, weight });
    this.#takeWay(context, to, word);
    if (skeletonHash !== undefined) take(this.shapes, this.findShape(to, skeletonHash), word);
  }

  originOf({ previous, beforePrevious }: ShieldContext): Origin {
    if (previous === undefined) return { row: BOUNDARY, before: NONE };
    const row = this.actions.find(previous);
    const beforeRow = beforePrevious === undefined ? BOUNDARY : this.actions.find(beforePrevious);
    return { row, before: this.findFirst(beforeRow, row) };
  }

  /** The cell of a transition of first order; beyond the limit, that of all others from there. */
  findFirst(row: number, to: number): number {
    if (row === NONE || to === NONE) return NONE;
    const cell = this.first.find(row, to);
    return cell === NONE && this.isFull ? this.first.find(row, OTHER) : cell;
  }

  findShape(action: number, skeletonHash: string): number {
    const cell = this.shapes.find(action, this.shapeNames.find(skeletonHash));
    return cell === NONE && this.#hasAllShapes(action) ? this.shapes.find(action, OTHER) : cell;
  }

  /** Whether there are as many transitions as there may be. */
  get isFull(): boolean {
    return this.first.size + this.second.size >= LIMITS.shieldTransitions;
  }

  /** Odds of an action wherever a run stands. What was never seen shares what is kept for it. */
  oddsAnywhere(to: number, now: number): number {
    const uniform = 1 / (this.anywhere.distinct(ANYWHERE) + 1);
    const cell = to === NONE ? NONE : this.anywhere.find(ANYWHERE, to);
    return this.anywhere.probability(ANYWHERE, cell, uniform, now);
  }

  oddsOfShape(action: number, shape: number, now: number): number {
    const uniform = 1 / (this.shapes.distinct(action) + 1);
    return this.shapes.probability(action, shape, uniform, now);
  }

  /** What to know about it, and what to do. */
  warnings(): readonly string[] {
    const { shieldActions, shieldTransitions, shieldShapes } = LIMITS;
    const inNames = "Names without ids in them, with the ids in the arguments, keep them apart.";
    return [
      ...(this.actionCount(OTHER) > 0
        ? [
            `More than ${shieldActions.toLocaleString("en-US")} actions: the rest count as one. ${inNames}`,
          ]
        : []),
      ...(this.#lostTransitions
        ? [
            `More than ${shieldTransitions.toLocaleString("en-US")} transitions between actions: the rest count as one for each action. ${inNames}`,
          ]
        : []),
      ...(this.#lostShapesOf !== null
        ? [
            `More than ${shieldShapes.toLocaleString("en-US")} shapes of the arguments of ${this.#lostShapesOf}, or ${MAX_SHAPES.toLocaleString("en-US")} of all actions: the rest count as one. Keys without ids in them, with the ids in the values, keep them apart.`,
          ]
        : []),
    ];
  }

  #takeWay(context: ShieldContext, to: number, amount: Amount): void {
    const { row, before } = this.originOf(context);
    take(this.first, this.findFirst(row, to), amount);
    take(this.second, before === NONE ? NONE : this.second.find(before, to), amount);
  }

  #ensureFirst(row: number, to: number): number {
    const found = this.first.find(row, to);
    if (found !== NONE) return found;
    // Each action can still end a run, or go on to what is not told apart: one more cell for each.
    if (!this.isFull || to === BOUNDARY) return this.first.ensure(row, to);
    this.#lostTransitions = true;
    return this.first.ensure(row, OTHER);
  }

  #ensureSecond(before: number, to: number): number {
    if (before === NONE) return NONE;
    const found = this.second.find(before, to);
    if (found !== NONE || !this.isFull)
      return found === NONE ? this.second.ensure(before, to) : found;
    this.#lostTransitions = true;
    return NONE;
  }

  #ensureShape(action: number, skeletonHash: string): number {
    const found = this.shapes.find(action, this.shapeNames.find(skeletonHash));
    if (found !== NONE) return found;
    if (!this.#hasAllShapes(action)) {
      return this.shapes.ensure(action, this.shapeNames.intern(skeletonHash));
    }
    this.#lostShapesOf = this.actions.nameOf(action) ?? this.#lostShapesOf;
    return this.shapes.ensure(action, OTHER);
  }

  #hasAllShapes(action: number): boolean {
    return (
      this.shapes.distinct(action) >= LIMITS.shieldShapes ||
      this.shapes.size >= MAX_SHAPES ||
      this.shapeNames.isFull
    );
  }
}

export interface ModelState {
  readonly actions: readonly string[];
  readonly shapes: readonly string[];
  readonly lostTransitions: boolean;
  readonly lostShapesOf: string | null;
}

function take(counts: Counts, cell: number, amount: Amount): void {
  if (cell !== NONE) counts.take(cell, amount);
}
