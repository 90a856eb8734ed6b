export interface Point {
  readonly x: number;
  readonly y: number;
}

/** By its top left corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A path as SVG writes it, and where its label stands. */
export interface Line {
  readonly path: string;
  readonly middle: Point;
}

/** A soft line through all points (Catmull and Rom, 1974), so that what stands at one stands on the line. */
export function softLine(points: readonly Point[]): Line {
  const [first = { x: 0, y: 0 }] = points;
  const last = points.at(-1) ?? first;
  let path = `M${first.x},${first.y}`;
  for (let index = 0; index < points.length - 1; index += 1) {
    const from = points[index] ?? first;
    const to = points[index + 1] ?? last;
    const before = points[index - 1] ?? from;
    const after = points[index + 2] ?? to;
    const leave = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 };
    const reach = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 };
    path += `C${leave.x},${leave.y} ${reach.x},${reach.y} ${to.x},${to.y}`;
  }
  return { path, middle: points[Math.floor(points.length / 2)] ?? first };
}

function between(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

/**
 * A line between two boxes, for a way that has no place in the layout: down where the other is below,
 * else a bow that bends away from the straight one.
 */
export function bow(from: Box, to: Box): Line {
  const [start, end] = [centreOf(from), centreOf(to)];
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  if (length === 0) return loop(from);
  if (to.y >= from.y + from.height + STEEP) return downward(from, to);
  const middle = between(start, end);
  const bend = Math.min(120, 30 + length / 5);
  const peak = {
    x: middle.x + ((end.y - start.y) / length) * bend,
    y: middle.y - ((end.x - start.x) / length) * bend,
  };
  const [first, last] = [borderOf(from, peak), borderOf(to, peak)];
  return {
    path: `M${first.x},${first.y}Q${peak.x},${peak.y} ${last.x},${last.y}`,
    middle: between(between(first, last), peak),
  };
}

/** As much room below a box lets a line leave it downwards. */
const STEEP = 20;

function downward(from: Box, to: Box): Line {
  const first = { x: from.x + from.width / 2, y: from.y + from.height };
  const last = { x: to.x + to.width / 2, y: to.y };
  const bend = (last.y - first.y) / 2;
  return {
    path: `M${first.x},${first.y}C${first.x},${first.y + bend} ${last.x},${last.y - bend} ${last.x},${last.y}`,
    middle: between(first, last),
  };
}

/** From a box to itself, beside it. */
function loop({ x, y, width, height }: Box): Line {
  const [right, middle] = [x + width, y + height / 2];
  return {
    path: `M${right},${middle - 12}C${right + 52},${middle - 26} ${right + 52},${middle + 26} ${right},${middle + 12}`,
    middle: { x: right + 39, y: middle },
  };
}

function centreOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Where the line from a box's centre to a point leaves the box. */
function borderOf(box: Box, towards: Point): Point {
  const centre = centreOf(box);
  const [dx, dy] = [towards.x - centre.x, towards.y - centre.y];
  const scale = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : box.width / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : box.height / 2 / Math.abs(dy),
  );
  return Number.isFinite(scale) ? { x: centre.x + dx * scale, y: centre.y + dy * scale } : centre;
}
