import type { IncomingMessage } from "node:http";
import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { HttpMethod } from "@holdpoint/protocol/gate";
import { type FaultError, refuse } from "../fault.js";

/** We ask for none of them, and some answer so all the same. */
const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * An answer's body, unpacked, as far as its limit goes; what is unpacked counts, so a small answer
 * cannot become a large one. Whoever stops reading ends the connection.
 */
export async function* readBounded(
  response: IncomingMessage,
  limits: {
    readonly method: HttpMethod;
    readonly maxResponseBytes: number;
    toFault(error: unknown): FaultError;
  },
): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  try {
    for await (const chunk of unpack(response, limits.method)) {
      bytes += chunk.length;
      if (bytes > limits.maxResponseBytes) {
        throw refuse("response_too_large", "Expected a shorter answer.");
      }
      yield chunk;
    }
  } catch (error) {
    response.destroy();
    throw limits.toFault(error);
  }
}

function unpack(response: IncomingMessage, method: HttpMethod): Readable {
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const hasNoBody = method === "HEAD" || response.statusCode === 204 || response.statusCode === 304;
  if (hasNoBody || encoding === "identity" || encoding === "") return response;
  const createUnpacker = Object.hasOwn(UNPACKERS, encoding) ? UNPACKERS[encoding] : undefined;
  if (createUnpacker === undefined) {
    throw refuse(
      "response_invalid",
      "Expected an answer packed as gzip, deflate or br, or not at all.",
    );
  }
  // Errors of the response end the unpacker too, where they are thrown.
  return pipeline(response, createUnpacker(), () => {});
}

/** All of it. */
export async function readAll(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
