import type { WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { type Contents, plainContents } from "./contents.js";
import { useKeyRing } from "./key-ring-context.js";

/** What can be read of a request; `undefined` for the moment it takes to decrypt. */
export function useContents(request: WireRequest): Contents | undefined {
  const { ring, ready } = useKeyRing();
  const keyIds = ring.keys.map(({ keyId }) => keyId).join(" ");
  const isSealed = request.encrypted && request.contents_deleted_at === undefined;
  const query = useQuery({
    queryKey: ["contents", request.id, request.revision, request.encrypted ? keyIds : ""],
    // Loaded on first use: most projects never need the cipher.
    queryFn: async () => {
      const { unsealContents } = await import("./unseal.js");
      return unsealContents(request, ring.keys);
    },
    enabled: isSealed && ready,
    staleTime: Number.POSITIVE_INFINITY,
    // Plaintext is not kept beyond the page that shows it.
    gcTime: 0,
    structuralSharing: false,
  });
  return isSealed ? query.data : plainContents(request);
}
