const SHOWN_DIGITS = 12;

/** The beginning of a digest, which is enough to tell two apart; all of it on hover. */
export function Digest({ value }: { value: string }) {
  const [, digits = value] = /^sha256:(.*)$/.exec(value) ?? [];
  return (
    <code title={value} className="font-mono text-sm">
      {digits.slice(0, SHOWN_DIGITS)}
    </code>
  );
}
