import type { SerializerProtocol } from "@langchain/langgraph-checkpoint";

/** A value as the serializer gave it: its type, and its bytes as base64. */
export type Typed = readonly [type: string, base64: string];

export async function dump(serde: SerializerProtocol, value: unknown): Promise<Typed> {
  const [type, bytes] = await serde.dumpsTyped(value);
  return [type, Buffer.from(bytes).toString("base64")];
}

export async function revive(serde: SerializerProtocol, [type, base64]: Typed): Promise<unknown> {
  // Not a Buffer: where the value is bytes, the serializer hands them on as they are.
  return serde.loadsTyped(type, Uint8Array.from(Buffer.from(base64, "base64")));
}
