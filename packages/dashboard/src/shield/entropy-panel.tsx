import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { count } from "./words.js";

const WIDTH = 320;
const HEIGHT = 96;

/** How much each run still brought that was not known, and when that had flattened. */
export function EntropyPanel({ details }: { details: WireShieldDetails }) {
  const { entropy, locked_at_runs: lockedAt } = details;
  return (
    <section
      aria-label="Entropy"
      className="space-y-2 rounded-md border border-line bg-panel px-4 py-3"
    >
      <h2 className="eyebrow">What a step still tells</h2>
      {entropy.length < 2 ? (
        <p className="text-soft">The curve begins when a few runs have ended.</p>
      ) : (
        <EntropyChart points={entropy} lockedAt={lockedAt} />
      )}
      <p className="text-sm text-faint">
        Bits of surprise in a mean step, by runs that have ended: high while much is unheard of,
        flat when enough is known.
        {lockedAt !== undefined && ` It was locked after ${count(lockedAt)} runs.`}
      </p>
    </section>
  );
}

function EntropyChart({
  points,
  lockedAt,
}: {
  points: WireShieldDetails["entropy"];
  lockedAt: number | undefined;
}) {
  const last = points.at(-1);
  const mostRuns = Math.max(1, last?.runs ?? 1, lockedAt ?? 0);
  const mostBits = Math.max(0.1, ...points.map(({ bits }) => bits));
  const x = (runs: number) => (runs / mostRuns) * WIDTH;
  const y = (bits: number) => HEIGHT - (Math.max(0, bits) / mostBits) * (HEIGHT - 4);
  const line = points.map(({ runs, bits }, at) => `${at === 0 ? "M" : "L"}${x(runs)},${y(bits)}`);
  const [first] = points;
  const area = `${line.join("")}L${x(mostRuns)},${HEIGHT}L${x(first?.runs ?? 0)},${HEIGHT}Z`;
  return (
    <figure className="space-y-1">
      <div className="relative">
        <svg
          role="img"
          aria-label={describe(points, lockedAt)}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-28 w-full"
        >
          <path d={area} className="fill-accent-wash" />
          {lockedAt !== undefined && (
            <line
              x1={x(lockedAt)}
              x2={x(lockedAt)}
              y1="0"
              y2={HEIGHT}
              strokeDasharray="3 3"
              vectorEffect="non-scaling-stroke"
              className="stroke-soft"
            />
          )}
          <path
            d={line.join("")}
            fill="none"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
            className="stroke-accent"
          />
          <line
            x1="0"
            x2={WIDTH}
            y1={HEIGHT - 0.5}
            y2={HEIGHT - 0.5}
            vectorEffect="non-scaling-stroke"
            className="stroke-line"
          />
          {points.map(({ runs, bits }, index) => {
            const left = x(points[index - 1]?.runs ?? 0);
            return (
              <rect key={runs} x={left} width={x(runs) - left} height={HEIGHT} fill="transparent">
                <title>{`Up to run ${count(runs)}: ${bits.toFixed(2)} bits a step`}</title>
              </rect>
            );
          })}
        </svg>
        {lockedAt !== undefined && (
          <span
            aria-hidden
            className="absolute top-0 rounded-sm bg-panel px-1 text-xs text-soft"
            style={
              lockedAt / mostRuns > 0.6
                ? { right: `${(1 - lockedAt / mostRuns) * 100}%` }
                : { left: `${(lockedAt / mostRuns) * 100}%` }
            }
          >
            locked
          </span>
        )}
      </div>
      <figcaption aria-hidden className="flex justify-between text-xs text-faint">
        <span>up to {mostBits.toFixed(1)} bits</span>
        <span>
          now {last?.bits.toFixed(1)} bits, {count(last?.runs ?? 0)} runs
        </span>
      </figcaption>
    </figure>
  );
}

function describe(points: WireShieldDetails["entropy"], lockedAt: number | undefined): string {
  const [first] = points;
  const last = points.at(-1);
  const locked = lockedAt === undefined ? "not locked yet" : `locked after ${count(lockedAt)} runs`;
  return `Surprise of a step: ${first?.bits.toFixed(1)} bits at first, ${last?.bits.toFixed(1)} bits after ${count(last?.runs ?? 0)} runs; ${locked}.`;
}
