/**
 * Counts every change that can take a credential's power away. What is held open remembers the
 * count it began with, and authenticates again before it answers when the count has moved.
 */
export interface CredentialEpoch {
  /** While distrusted it is another at every look, so that everybody is asked again. */
  readonly value: number;
  advance(): void;
  /** Changes made elsewhere may go unheard from now on. */
  distrust(): void;
  /** Changes made elsewhere are heard from now on. */
  trust(): void;
}

export function createCredentialEpoch(): CredentialEpoch {
  let value = 0;
  let isTrusted = true;
  return {
    get value() {
      if (!isTrusted) value += 1;
      return value;
    },
    advance() {
      value += 1;
    },
    distrust() {
      isTrusted = false;
    },
    trust() {
      // What was asked for before may have changed unheard.
      value += 1;
      isTrusted = true;
    },
  };
}
