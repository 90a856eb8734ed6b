import { groupBy } from "../../ui/group-by.js";
import type { Layout } from "./layout.js";
import type { Box } from "./lines.js";
import { BEGIN, END, nodeId, type ShownGraph, type Way } from "./model.js";
import { NODE, TERMINAL } from "./sizes.js";

const GAP = { across: 22, down: 60 } as const;
/** Wide for its height, as screens are. */
const ASPECT = 4 / 3;

/** Puts nodes in rows, nearest to the beginning first, neighbours side by side. */
export function layInRows({ nodes, edges }: ShownGraph, asides: readonly Way[]): Layout {
  const order = inReach(
    nodes.map(({ action }) => action),
    [...[...edges].sort((one, other) => other.count - one.count), ...asides],
  );
  const pitch = { x: NODE.width + GAP.across, y: NODE.height + GAP.down };
  const perRow = Math.max(1, Math.round(Math.sqrt((order.length * ASPECT * pitch.y) / pitch.x)));
  const boxes = new Map<string, Box>();
  for (const [index, action] of order.entries()) {
    const row = Math.floor(index / perRow);
    const inRow = Math.min(perRow, order.length - row * perRow);
    const x = ((index % perRow) - (inRow - 1) / 2) * pitch.x - NODE.width / 2;
    boxes.set(nodeId(action, "to"), { x, y: (row + 1) * pitch.y, ...NODE });
  }
  const x = -TERMINAL.width / 2;
  boxes.set(BEGIN, { x, y: 0, ...TERMINAL });
  boxes.set(END, { x, y: (Math.ceil(order.length / perRow) + 1) * pitch.y, ...TERMINAL });
  return { nodes: boxes, edges: new Map() };
}

/** Actions by how many steps they are from the beginning; what is not reached, after that. */
function inReach(actions: readonly string[], ways: readonly Way[]): readonly string[] {
  const onward = groupBy(ways, ({ from }) => from);
  const reached = new Set<string>();
  const visit = (start: string | null) => {
    const queue: (string | null)[] = [start];
    for (const place of queue) {
      for (const { to } of onward.get(place) ?? []) {
        if (to === null || reached.has(to)) continue;
        reached.add(to);
        queue.push(to);
      }
    }
  };
  visit(null);
  for (const action of actions) {
    if (reached.has(action)) continue;
    reached.add(action);
    visit(action);
  }
  return [...reached];
}
