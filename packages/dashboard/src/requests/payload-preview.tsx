import type { WireRequest } from "@holdpoint/protocol";
import { explainFault } from "../encryption/contents.js";
import { useKeyRing } from "../encryption/key-ring-context.js";
import { useContents } from "../encryption/use-contents.js";
import { JsonTree } from "../ui/json-tree.js";
import { Text } from "../ui/text.js";
import { excerptPayload } from "./excerpt.js";

/** A payload as one line, for rows. */
export function PayloadLine({ request }: { request: WireRequest }) {
  const contents = useContents(request);
  if (contents === undefined) return <span className="text-faint">Decrypting…</span>;
  if (contents.state === "sealed") return <span className="text-faint">Encrypted payload</span>;
  if (contents.state === "deleted") return <span className="text-faint">Payload deleted</span>;
  return <Text maxLength={160}>{excerptPayload(contents.payload)}</Text>;
}

/** A payload whole, for reading what is about to run. */
export function PayloadPreview({ request }: { request: WireRequest }) {
  const contents = useContents(request);
  const { ring } = useKeyRing();
  if (contents === undefined) return <p className="text-faint">Decrypting…</p>;
  if (contents.state === "sealed") {
    return <p className="text-soft">{explainFault(contents.fault, ring.keys.length).title}.</p>;
  }
  if (contents.state === "deleted") return <p className="text-soft">Deleted by retention.</p>;
  return <JsonTree value={contents.payload} label={`Payload of ${request.id}`} />;
}
