import type { ShieldContext, ShieldIntent } from "./entry.js";
import type { ShieldScore } from "./score.js";
import { grouped, percent, shortened } from "./sentence.js";

/** What a sentence is about. */
export interface Explained {
  readonly service: string;
  readonly intent: Pick<ShieldIntent, "action">;
  readonly context: ShieldContext;
  readonly score: ShieldScore;
}

/**
 * How a step compares with its baseline, in one sentence with numbers: of its way, or of its shape where
 * that is what surprises. Names are shortened to 80 characters each.
 *
 * @param options.departs - Whether to say how rare it is.
 */
export function explain(step: Explained, { departs }: { readonly departs: boolean }): string {
  const { pathBits, structureBits, oneIn } = step.score;
  const sentence = structureBits > pathBits ? ofShape(step) : ofWay(step);
  if (!departs || oneIn === undefined) return sentence;
  return `${sentence} As surprising as 1 run in ${grouped(oneIn)}.`;
}

function ofShape({ intent, score }: Explained): string {
  const { shapeCount = 0, actionCount } = score.facts;
  const action = shortened(intent.action);
  const calls = `${grouped(actionCount)} ${actionCount === 1 ? "call" : "calls"}`;
  return shapeCount === 0
    ? `${action} has never had arguments of this shape in ${calls}.`
    : `${action} has had arguments of this shape in ${grouped(shapeCount)} of ${calls}.`;
}

function ofWay(step: Explained): string {
  const { service, intent, context, score } = step;
  const { facts } = score;
  const { steps, actionCount, fromHere, sameWay } = facts;
  const [action, of] = [shortened(intent.action), shortened(service)];
  if (steps === 0) return `Nothing is known of ${of} yet.`;
  if (actionCount === 0) {
    return `${action} has never been seen in ${grouped(steps)} ${steps === 1 ? "step" : "steps"} of ${of}.`;
  }
  const times = `${grouped(sameWay)} of ${grouped(fromHere)}`;
  if (context.previous === undefined) {
    return sameWay === 0
      ? `A run of ${of} has never begun with ${action} (${times}).`
      : `${grouped(sameWay)} of ${grouped(fromHere)} runs of ${of} have begun with ${action}${usually(step)}.`;
  }
  const place = placeOf(context, facts.stepsBack);
  if (fromHere === 0) {
    return `Nothing is known of what ${of} does after ${place}; ${action} was ${grouped(actionCount)} of its ${grouped(steps)} steps.`;
  }
  return `After ${place}, ${of} has gone to ${action} ${times} times${usually(step)}.`;
}

function placeOf({ previous = "", beforePrevious }: ShieldContext, stepsBack: 0 | 1 | 2): string {
  if (stepsBack !== 2) return shortened(previous);
  return beforePrevious === undefined
    ? `beginning with ${shortened(previous)}`
    : `${shortened(beforePrevious)} and ${shortened(previous)}`;
}

/** Where most went instead, and what people have said. */
function usually({ intent, score }: Explained): string {
  const { usual, fromHere, approvals } = score.facts;
  const said =
    approvals === 0
      ? ""
      : `; ${grouped(approvals)} ${approvals === 1 ? "person calls" : "people call"} it usual`;
  if (usual === undefined || usual.action === intent.action) return said;
  const place = usual.action === null ? "the end of the run" : shortened(usual.action);
  return `; usual: ${place} ${percent(usual.count, fromHere)}${said}`;
}
