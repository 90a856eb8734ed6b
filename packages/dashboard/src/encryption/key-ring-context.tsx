import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import {
  addKey,
  EMPTY_KEY_RING,
  type KeyRing,
  keepKeyRing,
  loadKeyRing,
  removeKey,
} from "./key-ring.js";

interface KeyRingAccess {
  readonly ring: KeyRing;
  /** False until the keys of this tab have been read. */
  readonly ready: boolean;
  /** @throws {TypeError} when the text is not a key. */
  readonly add: (text: string) => Promise<void>;
  readonly remove: (keyId: string) => void;
  readonly forgetAll: () => void;
}

const KeyRingContext = createContext<KeyRingAccess | undefined>(undefined);

export function useKeyRing(): KeyRingAccess {
  const access = use(KeyRingContext);
  if (access === undefined) throw new TypeError("useKeyRing needs a KeyRingProvider around it.");
  return access;
}

export function KeyRingProvider({ children }: { children: ReactNode }) {
  const [ring, setRing] = useState<KeyRing>(EMPTY_KEY_RING);
  const [ready, setReady] = useState(false);

  useEffect(() => {
    void loadKeyRing(sessionStorage).then((loaded) => {
      setRing(loaded);
      setReady(true);
    });
  }, []);

  const access = useMemo<KeyRingAccess>(() => {
    const replace = (next: KeyRing) => {
      keepKeyRing(next, sessionStorage);
      setRing(next);
    };
    return {
      ring,
      ready,
      add: async (text) => replace(await addKey(ring, text)),
      remove: (keyId) => replace(removeKey(ring, keyId)),
      forgetAll: () => replace(EMPTY_KEY_RING),
    };
  }, [ring, ready]);

  return <KeyRingContext value={access}>{children}</KeyRingContext>;
}
