import { layInLayers } from "./layers.js";
import type { Box, Point } from "./lines.js";
import type { ShownGraph, Way } from "./model.js";
import { layInRows } from "./rows.js";

/** Where everything stands, in pixels before zooming. */
export interface Layout {
  readonly nodes: ReadonlyMap<string, Box>;
  /** The bends of each edge, from node to node; the others go straight. */
  readonly edges: ReadonlyMap<string, readonly Point[]>;
}

/**
 * Layers route each edge around nodes. With more of them that takes seconds, and spreads 200 nodes over
 * twenty thousand pixels.
 */
const MOST_IN_LAYERS = { nodes: 40, edges: 80 } as const;

/**
 * Gives everything its place: in layers where that can be read, else in rows.
 *
 * @param asides - Ways that are not drawn, but say where a node belongs that no edge leads to.
 */
export function layOut(shown: ShownGraph, asides: readonly Way[]): Layout {
  const { nodes, edges } = shown;
  const isSmall = nodes.length <= MOST_IN_LAYERS.nodes && edges.length <= MOST_IN_LAYERS.edges;
  return isSmall ? layInLayers(shown, asides) : layInRows(shown, asides);
}
