import type { WireGatePart, WireReceipt } from "@holdpoint/protocol";

/**
 * What a receipt says of a call of the gate; `undefined` where it is about none. Read, not verified:
 * it comes from the control plane as everything here does, and `holdpoint verify` is for strangers.
 */
export function readGatePart({ jws }: Pick<WireReceipt, "jws">): WireGatePart | undefined {
  const [, payload = ""] = jws.split(".");
  const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const content = JSON.parse(new TextDecoder().decode(bytes)) as { readonly gate?: WireGatePart };
  return content.gate;
}
