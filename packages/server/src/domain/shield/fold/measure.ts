import type { ShieldIntent } from "../entry.js";
import type { Filling } from "../filling.js";
import type { ScoreContext, ShieldFacts, ShieldScore } from "../score.js";
import type { Calibration } from "./calibration.js";
import { NONE } from "./counts.js";
import type { Gaps } from "./gaps.js";
import type { Model, Origin } from "./model.js";
import { BOUNDARY } from "./names.js";

/** What a step is measured against, as it stands. */
export interface Measure {
  readonly model: Model;
  readonly gaps: Gaps;
  readonly calibration: Calibration;
  /** Runs that have ended. */
  readonly runs: number;
  /** What a step of now weighs. */
  readonly now: number;
}

export function measure(
  against: Measure,
  intent: ShieldIntent,
  context: ScoreContext,
): ShieldScore {
  const { model, calibration, now } = against;
  const to = model.actions.find(intent.action);
  const way = wayOf(model, { intent, origin: model.originOf(context), to });
  const pathBits = way.approvals > 0 ? 0 : bitsOf(oddsOfWay(model, way, now));
  const shape = shapeOf(model, to, intent.skeletonHash);
  const structureBits = shape === undefined ? 0 : shapeBits(model, to, shape, now);
  const surpriseBits = pathBits + structureBits;
  const timingBits = timingOf(against, to, intent, context);
  const oneIn = calibration.oneIn(surpriseBits);
  const score: Filling<ShieldScore> = {
    pathBits,
    structureBits,
    surpriseBits,
    calibratedRuns: calibration.size,
    facts: factsOf(against, way, shape),
  };
  if (timingBits !== undefined) score.timingBits = timingBits;
  if (oneIn !== undefined) score.oneIn = oneIn;
  return score;
}

/** A way in numbers: the cell of each order, and how far back is looked. */
interface NumberedWay extends Origin {
  readonly to: number;
  readonly firstCell: number;
  readonly secondCell: number;
  readonly stepsBack: ShieldFacts["stepsBack"];
  readonly approvals: number;
}

/** What matters most is told by two steps before it, as far as they were ever seen. */
function wayOf(
  model: Model,
  { intent, origin, to }: { intent: ShieldIntent; origin: Origin; to: number },
): NumberedWay {
  const { row, before } = origin;
  const firstCell = model.findFirst(row, to);
  const secondCell = before === NONE || to === NONE ? NONE : model.second.find(before, to);
  const matters = intent.priority === "high" || intent.priority === "critical";
  // Beyond the limit, not to be there means nothing.
  const canTell = secondCell !== NONE || !model.isFull;
  const byTwo = matters && before !== NONE && model.second.distinct(before) > 0 && canTell;
  return {
    row,
    before,
    to,
    firstCell,
    secondCell,
    stepsBack: row === BOUNDARY ? 0 : byTwo ? 2 : 1,
    approvals: byTwo ? model.second.approvals(secondCell) : model.first.approvals(firstCell),
  };
}

function oddsOfWay(model: Model, way: NumberedWay, now: number): number {
  const anywhere = model.oddsAnywhere(way.to, now);
  const byOne =
    way.row === NONE ? anywhere : model.first.probability(way.row, way.firstCell, anywhere, now);
  if (way.stepsBack !== 2) return byOne;
  return model.second.probability(way.before, way.secondCell, byOne, now);
}

/** The cell of a shape; `undefined` where the shape is not known. */
function shapeOf(model: Model, action: number, skeletonHash?: string): number | undefined {
  if (skeletonHash === undefined) return undefined;
  return action === NONE ? NONE : model.findShape(action, skeletonHash);
}

function shapeBits(model: Model, action: number, shape: number, now: number): number {
  if (action === NONE || model.shapes.approvals(shape) > 0) return 0;
  return bitsOf(model.oddsOfShape(action, shape, now));
}

function timingOf(
  { gaps, now }: Measure,
  action: number,
  { observedAt }: ShieldIntent,
  { lastObservedAt }: ScoreContext,
): number | undefined {
  if (action === NONE || observedAt === undefined || lastObservedAt === undefined) return undefined;
  return observedAt < lastObservedAt
    ? undefined
    : gaps.bits(action, observedAt - lastObservedAt, now);
}

function factsOf(
  { model, runs }: Measure,
  way: NumberedWay,
  shape: number | undefined,
): ShieldFacts {
  const byTwo = way.stepsBack === 2;
  const counts = byTwo ? model.second : model.first;
  const row = byTwo ? way.before : way.row;
  const top = counts.top(row);
  const facts: Filling<ShieldFacts> = {
    stepsBack: way.stepsBack,
    fromHere: counts.rowTotal(row),
    sameWay: counts.count(byTwo ? way.secondCell : way.firstCell),
    approvals: way.approvals,
    actionCount: model.actionCount(way.to),
    steps: model.steps,
    runs,
  };
  if (top !== NONE) {
    facts.usual = { action: nameOf(model, counts.symbolOf(top)), count: counts.count(top) };
  }
  if (shape !== undefined) facts.shapeCount = model.shapes.count(shape);
  return facts;
}

/** `null` where runs begin and end. */
export function nameOf(model: Model, id: number): string | null {
  return id === BOUNDARY ? null : (model.actions.nameOf(id) ?? OTHERS);
}

/** How those are called that could not be told apart. */
const OTHERS = "(others)";

function bitsOf(odds: number): number {
  // Rounding may bring what is certain a hair above 1, and that would be less than no surprise.
  return Math.max(-Math.log2(odds), 0);
}
