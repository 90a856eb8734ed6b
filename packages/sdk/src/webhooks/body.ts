import { refuse } from "./verify.js";

/** Bytes of a webhook: twice what the largest request and its result come to. */
const MAX_BODY_BYTES = 4_194_304;

/**
 * The body's exact bytes. Bounded, for what is not verified yet may be anything.
 *
 * @throws {WebhookVerificationError} `WEBHOOK_MALFORMED`.
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (request.bodyUsed) {
    throw refuse(
      "WEBHOOK_MALFORMED",
      "Expected a request whose body nobody has read, got one that was. Take the webhook's route out of body parsing.",
    );
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length <= MAX_BODY_BYTES) continue;
    await reader.cancel();
    throw refuse("WEBHOOK_MALFORMED", `Expected at most ${MAX_BODY_BYTES} bytes, got more.`);
  }
  return concat(chunks, length);
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
