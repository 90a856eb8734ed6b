import "@xyflow/react/dist/base.css";
import {
  type Edge,
  MiniMap,
  type Node,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useRef } from "react";
import { IconButton } from "../../ui/button.js";
import type { Drawing, Focus } from "./drawing.js";
import { nodeId } from "./model.js";
import { ActionBox, Arrows, TerminalBox, WayLine } from "./parts.js";

const NODE_TYPES = { action: ActionBox, terminal: TerminalBox };
const EDGE_TYPES = { way: WayLine };
/** Below it, names are all that can be read. */
const FAR_ZOOM = 0.55;
/** From so many nodes on, a small map helps to find the way. */
const MAPPED_NODES = 30;
const MOVE_MS = 250;
const FIT = { maxZoom: 1, padding: 0.06 } as const;

export interface CanvasProps {
  readonly label: string;
  readonly drawing: Drawing;
  /** The node that the run has come to: it is kept in view. */
  readonly current: string | undefined;
  readonly onFocus: (focus: Focus | undefined) => void;
}

/** The drawing, to zoom, to move and to click. */
export function GraphCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ label, drawing, current, onFocus }: CanvasProps) {
  const isFar = useStore(({ transform: [, , zoom] }) => zoom < FAR_ZOOM);
  useInView(drawing, current);
  const onNode = (_event: unknown, node: Node) => {
    const { action } = node.data;
    if (typeof action === "string") onFocus({ kind: "action", action });
  };
  const onEdge = (_event: unknown, edge: Edge) => {
    const [from, to] = JSON.parse(edge.id) as [string | null, string | null];
    onFocus({ kind: "way", from, to });
  };
  return (
    <div
      className="group/graph relative size-full [&_.react-flow\_\_attribution]:bg-transparent! [&_.react-flow\_\_attribution_a]:text-faint!"
      data-far={isFar ? "" : undefined}
    >
      <Arrows />
      <ReactFlow
        aria-label={label}
        nodes={[...drawing.nodes]}
        edges={[...drawing.edges]}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        fitView
        fitViewOptions={FIT}
        minZoom={0.08}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        // The wheel scrolls the page; with Ctrl, or two fingers, it zooms.
        zoomOnScroll={false}
        preventScrolling={false}
        onNodeClick={onNode}
        onEdgeClick={onEdge}
        onPaneClick={() => onFocus(undefined)}
      >
        <ZoomButtons />
        {drawing.nodes.length >= MAPPED_NODES && !isFar && (
          <MiniMap
            pannable
            className="max-sm:hidden"
            bgColor="var(--color-panel)"
            maskColor="color-mix(in srgb, var(--color-well) 75%, transparent)"
            nodeColor={colourOnMap}
            ariaLabel="Map"
          />
        )}
      </ReactFlow>
    </div>
  );
}

function colourOnMap({ data }: Node): string {
  const { mark } = data;
  if (mark === "anomaly") return "var(--color-removed)";
  return mark === "run" || mark === "latest" ? "var(--color-accent)" : "var(--color-edge)";
}

function ZoomButtons() {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  return (
    <Panel position="bottom-left" className="flex rounded border border-line bg-panel">
      <IconButton label="Closer" onClick={() => void zoomIn()}>
        <ZoomIn size={15} aria-hidden />
      </IconButton>
      <IconButton label="Further" onClick={() => void zoomOut()}>
        <ZoomOut size={15} aria-hidden />
      </IconButton>
      <IconButton label="All of it" onClick={() => void fitView(FIT)}>
        <Maximize2 size={15} aria-hidden />
      </IconButton>
    </Panel>
  );
}

/**
 * Brings into view what somebody looks at, else everything, whenever that changes; and the step a run has
 * come to. Nothing else moves it.
 */
function useInView({ nodes, near }: Drawing, current: string | undefined): void {
  const { fitView, getNode, getViewport, setCenter } = useReactFlow();
  const box = useRef({ width: 0, height: 0 });
  box.current = useStore(({ width, height }) => ({ width, height }), isSameBox);
  const isReady = box.current.width > 0;
  // Everything has its place by the names that are there.
  const wanted = JSON.stringify([near, nodes.map(({ id, position }) => [id, position])]);
  useEffect(() => {
    const [ids] = JSON.parse(wanted) as [readonly string[]];
    if (!isReady) return;
    const part = ids.length > 0 && { nodes: ids.map((id) => ({ id })), minZoom: 0.45 };
    void fitView({ ...FIT, ...part, duration: moveMs() });
  }, [wanted, isReady, fitView]);
  const before = useRef(current);
  useEffect(() => {
    const node = current === undefined ? undefined : getNode(nodeId(current, "to"));
    // What is there from the beginning is in view with everything else.
    const isNew = before.current !== undefined && before.current !== current;
    before.current = current;
    if (!isReady || node === undefined || !isNew) return;
    const { x, y, zoom } = getViewport();
    const { width = 0, height = 0, position } = node;
    const left = position.x * zoom + x;
    const top = position.y * zoom + y;
    const isIn =
      left >= 0 &&
      top >= 0 &&
      left + width * zoom <= box.current.width &&
      top + height * zoom <= box.current.height;
    if (isIn) return;
    void setCenter(position.x + width / 2, position.y + height / 2, { zoom, duration: moveMs() });
  }, [current, isReady, getNode, getViewport, setCenter]);
}

function isSameBox(
  one: { readonly width: number; readonly height: number },
  other: { readonly width: number; readonly height: number },
): boolean {
  return one.width === other.width && one.height === other.height;
}

function moveMs(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOVE_MS;
}
