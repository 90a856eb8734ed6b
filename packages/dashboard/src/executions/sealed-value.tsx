import type { WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useKeyRing } from "../encryption/key-ring-context.js";
import type { unsealField } from "../encryption/unseal.js";
import { JsonTree } from "../ui/json-tree.js";

type Field = Parameters<typeof unsealField>[1];

/** A value that came with a request, decrypted where it is sealed. */
export function SealedValue({
  request,
  field,
  value,
  label,
  children,
}: {
  request: WireRequest;
  field: Field;
  value: unknown;
  label: string;
  /** Draws the value; by default as a tree. */
  children?: (value: unknown) => ReactNode;
}) {
  const { ring, ready } = useKeyRing();
  const keyIds = ring.keys.map(({ keyId }) => keyId).join(" ");
  const query = useQuery({
    queryKey: ["sealed-value", request.id, field, request.encrypted ? keyIds : "", value],
    queryFn: async () => {
      const { unsealField } = await import("../encryption/unseal.js");
      return { opened: await unsealField(request, field, value, ring.keys) };
    },
    enabled: ready,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    // Plaintext is not kept beyond the page that shows it.
    gcTime: 0,
  });
  if (query.isError)
    return <p className="text-soft">Encrypted, and not readable with the loaded keys.</p>;
  if (query.data === undefined) return <p className="text-faint">Decrypting…</p>;
  const { opened } = query.data;
  return children ? children(opened) : <JsonTree value={opened} label={label} />;
}
