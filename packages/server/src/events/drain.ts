/** Ends what is held open when the control plane closes. */
export interface Drain {
  readonly draining: boolean;
  /** Calls back when draining begins; at once when it has begun. */
  onDrain(callback: () => void): () => void;
  begin(): void;
}

export function createDrain(): Drain {
  const callbacks = new Set<() => void>();
  let draining = false;
  return {
    get draining() {
      return draining;
    },
    onDrain(callback) {
      if (draining) callback();
      else callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    begin() {
      draining = true;
      for (const callback of [...callbacks]) callback();
      callbacks.clear();
    },
  };
}
