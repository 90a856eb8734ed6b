import { isLosslessNumber } from "lossless-json";
import { useState } from "react";
import { linkHost } from "./link-host.js";
import { Text } from "./text.js";

const SHOWN_ENTRIES = 100;
const SHOWN_CHARACTERS = 2_000;
const OPEN_DEPTH = 3;

/** Any JSON value, read-only, folded below the third level, long parts behind a button. */
export function JsonTree({ value, label }: { value: unknown; label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto font-mono text-sm leading-6"
    >
      <Node value={value} depth={0} />
    </section>
  );
}

function Node({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  const head = name !== undefined && (
    <span className="text-soft">
      <Text maxLength={200}>{name}</Text>
      <span className="text-faint">: </span>
    </span>
  );
  if (isContainer(value)) return <Container head={head} value={value} depth={depth} />;
  return (
    <div className="pl-4">
      {head}
      <Scalar value={value} />
    </div>
  );
}

function Container({
  head,
  value,
  depth,
}: {
  head: React.ReactNode;
  value: object;
  depth: number;
}) {
  const [limit, setLimit] = useState(SHOWN_ENTRIES);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = `${entries.length} ${isList ? "item" : "member"}${entries.length === 1 ? "" : "s"}`;
  if (entries.length === 0) {
    return (
      <div className="pl-4">
        {head}
        {isList ? "[]" : "{}"}
      </div>
    );
  }
  return (
    <details open={depth < OPEN_DEPTH}>
      <summary className="rounded-sm hover:bg-well">
        {head}
        <span className="text-faint">
          {isList ? "[…]" : "{…}"} {size}
        </span>
      </summary>
      <div className="ml-1 border-l border-line pl-2">
        {entries.slice(0, limit).map(([key, item]) => (
          <Node key={key} name={key} value={item} depth={depth + 1} />
        ))}
        {entries.length > limit && (
          <button
            type="button"
            className="ml-4 text-accent underline"
            onClick={() => setLimit(limit + SHOWN_ENTRIES)}
          >
            Show more ({entries.length - limit})
          </button>
        )}
      </div>
    </details>
  );
}

function Scalar({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false);
  if (isLosslessNumber(value))
    return <span className="text-accent-strong">{value.toString()}</span>;
  if (typeof value !== "string") {
    return <span className="text-accent-strong">{JSON.stringify(value)}</span>;
  }
  const long = value.length > SHOWN_CHARACTERS && !whole;
  const host = linkHost(value);
  return (
    <span className="whitespace-pre-wrap">
      <span className="text-faint">"</span>
      <Text maxLength={long ? SHOWN_CHARACTERS : Number.POSITIVE_INFINITY}>{value}</Text>
      <span className="text-faint">"</span>
      {long && (
        <button type="button" className="ml-2 text-accent underline" onClick={() => setWhole(true)}>
          Show all
        </button>
      )}
      {host && (
        <a
          href={value}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="ml-2 text-accent underline"
        >
          open at {host} ↗
        </a>
      )}
    </span>
  );
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isLosslessNumber(value);
}
