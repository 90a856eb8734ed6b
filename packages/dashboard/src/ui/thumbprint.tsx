const SHOWN_CHARACTERS = 10;

/** Enough of a key's thumbprint to recognise it. */
export function shortThumbprint(thumbprint: string): string {
  return `${thumbprint.slice(0, SHOWN_CHARACTERS)}…`;
}

/** A key by the beginning of its thumbprint; all of it on hover. */
export function Thumbprint({ value }: { value: string }) {
  return (
    <code title={`The key with the thumbprint ${value}`} className="font-mono text-sm">
      {shortThumbprint(value)}
    </code>
  );
}
