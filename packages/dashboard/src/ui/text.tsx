import { revealUnseen } from "./visible-text.js";

/**
 * Text that came from outside, as text: never markup, in its own direction run, at most
 * `maxLength` characters (default 500), unseen characters shown by code point.
 */
export function Text({ children, maxLength = 500 }: { children: string; maxLength?: number }) {
  const clipped = children.length > maxLength;
  const parts = revealUnseen(clipped ? children.slice(0, maxLength) : children);
  return (
    <bdi className="[overflow-wrap:anywhere]">
      {parts.map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
          <UnseenMark key={index} code={part.code} />
        ),
      )}
      {clipped && (
        <span className="text-faint"> … {children.length - maxLength} more characters</span>
      )}
    </bdi>
  );
}

function UnseenMark({ code }: { code: string }) {
  return (
    <span
      title={`A character one cannot see: ${code}`}
      className="mx-px rounded-sm bg-removed-wash px-0.5 font-mono text-[0.85em] text-removed"
    >
      {code}
    </span>
  );
}
