import type { WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { type Contents, plainContents } from "./contents.js";
import { useKeyRing } from "./key-ring-context.js";

/** What can be read of a request; `undefined` for the moment it takes to decrypt. */
export function useContents(request: WireRequest): Contents | undefined {
  const { ring, ready } = useKeyRing();
  const keyIds = ring.keys.map(({ keyId }) => keyId).join(" ");
  const query = useQuery({
    queryKey: ["contents", request.id, request.revision, request.encrypted ? keyIds : ""],
    // Loaded on first use: most projects never need the cipher.
    queryFn: async () => {
      const { unsealContents } = await import("./unseal.js");
      return unsealContents(request, ring.keys);
    },
    enabled: request.encrypted && ready,
    staleTime: Number.POSITIVE_INFINITY,
    // Plaintext is not kept beyond the page that shows it.
    gcTime: 0,
    structuralSharing: false,
  });
  return request.encrypted ? query.data : plainContents(request);
}
