import type { WireShieldEdge } from "@holdpoint/protocol/shield";
import { Text } from "../../ui/text.js";
import { count, percent } from "../words.js";
import type { Focus } from "./drawing.js";

/** The graph for whoever reads rather than looks. */
export function WayTable({
  edges,
  onFocus,
}: {
  edges: readonly WireShieldEdge[];
  onFocus: (focus: Focus) => void;
}) {
  return (
    <details className="border-t border-line px-3 py-2">
      <summary className="text-sm text-soft">The same as a table</summary>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="What follows what"
        className="mt-1 max-h-80 overflow-auto"
      >
        <table className="w-full text-sm">
          <thead className="sticky top-0 bg-panel">
            <tr className="border-b border-line text-left">
              <th scope="col" className="eyebrow py-1 pr-3">
                After
              </th>
              <th scope="col" className="eyebrow pr-3">
                Comes
              </th>
              <th scope="col" className="eyebrow pl-3 text-right">
                Times
              </th>
              <th scope="col" className="eyebrow pl-3 text-right">
                Now
              </th>
            </tr>
          </thead>
          <tbody>
            {edges.map(({ from, to, count: times, probability }) => (
              <tr key={JSON.stringify([from, to])} className="border-b border-line last:border-0">
                <td className="py-0.5 pr-3 font-mono">
                  {from === null ? (
                    <em className="font-sans">beginning</em>
                  ) : (
                    <Text maxLength={80}>{from}</Text>
                  )}
                </td>
                <td className="pr-3">
                  <button
                    type="button"
                    className="text-left font-mono text-accent underline"
                    onClick={() => onFocus({ kind: "way", from, to })}
                  >
                    {to === null ? "end" : <Text maxLength={80}>{to}</Text>}
                  </button>
                </td>
                <td className="pl-3 text-right">{count(times)}</td>
                <td className="pl-3 text-right">{percent(probability)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
