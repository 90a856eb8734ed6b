/**
 * Counts every change that can take a credential's power away. What is held open remembers the
 * count it began with, and authenticates again before it answers when the count has moved.
 */
export interface CredentialEpoch {
  readonly value: number;
  advance(): void;
}

export function createCredentialEpoch(): CredentialEpoch {
  let value = 0;
  return {
    get value() {
      return value;
    },
    advance() {
      value += 1;
    },
  };
}
