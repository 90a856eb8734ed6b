import { LIMITS } from "@holdpoint/protocol";
import { assertBodyProven, type Proof } from "../auth/proof.js";
import { ProblemError } from "../domain/problem.js";
import { losesDigits } from "./integers.js";

/**
 * Reads a JSON body, no further than its limit. Ours rather than `hono/body-limit`, for it runs
 * inside one handler, after the caller is known.
 *
 * @param proof - What the bytes are held against, where the call came with one.
 * @throws {ProblemError} `MEDIA_TYPE_UNSUPPORTED`, `BODY_TOO_LARGE`, `BODY_MALFORMED`,
 *   `PROOF_INVALID`.
 */
export async function readJson(request: Request, proof?: Proof): Promise<unknown> {
  assertJson(request.headers);
  const text = new TextDecoder().decode(await inTime(readBytes(request, proof)));
  const value = parse(text);
  if (losesDigits(text)) throw notRepresentable("number");
  assertRepresentable(value);
  return value;
}

/**
 * Holds a body that nobody asked for against the proof of its call.
 *
 * @throws {ProblemError} `BODY_TOO_LARGE`, `PROOF_INVALID`.
 */
export async function readUnused(request: Request, proof: Proof): Promise<void> {
  await inTime(readBytes(request, proof));
}

async function readBytes(request: Request, proof: Proof | undefined): Promise<Uint8Array> {
  const bytes = await readBounded(request);
  if (proof !== undefined) assertBodyProven(bytes, proof);
  return bytes;
}

async function readBounded(request: Request): Promise<Uint8Array> {
  const declared = request.headers.get("content-length");
  if (declared !== null) {
    // The HTTP parser never delivers more bytes than were declared.
    if (Number(declared) > LIMITS.bodyBytes) throw bodyTooLarge();
    return new Uint8Array(await request.arrayBuffer());
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > LIMITS.bodyBytes) throw bodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function assertJson(headers: Headers): void {
  const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const encoding = headers.get("content-encoding") ?? "identity";
  if (type === "application/json" && encoding === "identity") return;
  throw new ProblemError({
    code: "MEDIA_TYPE_UNSUPPORTED",
    detail:
      "Expected a body with Content-Type: application/json and no Content-Encoding. Set the header and send plain JSON.",
  });
}

/** How long a JSON body may take to arrive, in milliseconds. */
const BODY_MS = 60_000;

/** So that nobody holds connections open by sending a byte now and then. */
async function inTime<Read>(reading: Promise<Read>): Promise<Read> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(bodyTooSlow()), BODY_MS);
  });
  try {
    return await Promise.race([reading, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function bodyTooSlow(): ProblemError {
  return new ProblemError({
    code: "BODY_MALFORMED",
    detail: `Expected the whole body within ${BODY_MS} ms, got part of it. Send it again.`,
    headers: { Connection: "close" },
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError({
      code: "BODY_MALFORMED",
      detail: `Expected a JSON document, got ${text === "" ? "an empty body" : "text that does not parse"}. Check the quoting.`,
    });
  }
}

/** JSON can spell numbers and text that no JavaScript or database value can hold unchanged. */
function assertRepresentable(root: unknown): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === "number" && !Number.isFinite(value)) throw notRepresentable("number");
    if (typeof value === "string" && LONE_SURROGATE.test(value)) throw notRepresentable("text");
    if (typeof value !== "object" || value === null) continue;
    for (const [key, item] of Object.entries(value)) pending.push(key, item);
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function notRepresentable(kind: "number" | "text"): ProblemError {
  return new ProblemError({
    code: "BODY_MALFORMED",
    detail:
      kind === "number"
        ? "Expected numbers that a 64-bit float holds unchanged, got a larger or longer one. Send it as text."
        : "Expected Unicode text, got half of a surrogate pair. Send well-formed text.",
  });
}

function bodyTooLarge(): ProblemError {
  return new ProblemError({
    code: "BODY_TOO_LARGE",
    detail: `Expected a body of at most ${LIMITS.bodyBytes} bytes. Send a reference to large data instead of the data.`,
  });
}
