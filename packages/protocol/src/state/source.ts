/** Bytes in pieces of any size. */
export type ByteSource = Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** Reads a source in pieces of exactly the size asked for; only the end may be shorter. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  #hasEnded = false;
  /** The same memory for every segment: a new one each would be freed too late to stay small. */
  #joined = new Uint8Array();

  constructor(source: ByteSource) {
    this.#pieces = piecesOf(source);
  }

  /** The next `length` bytes, fewer at the end. They are good until the next call. */
  async read(length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#rest.length === 0) await this.#more();
    // A piece used up is copied first: its maker may fill the same memory again for the next.
    if (this.#rest.length > length) return this.#take(length);
    if (this.#joined.length !== length) this.#joined = new Uint8Array(length);
    const joined = this.#joined;
    let filled = 0;
    while (filled < length && !(await this.isAtEnd())) {
      const piece = this.#take(Math.min(length - filled, this.#rest.length));
      joined.set(piece, filled);
      filled += piece.length;
    }
    return joined.subarray(0, filled);
  }

  /** Whether nothing follows. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#hasEnded) await this.#more();
    return this.#rest.length === 0;
  }

  /** Tells the source that nothing more will be read. */
  async cancel(): Promise<void> {
    this.#hasEnded = true;
    await this.#pieces.return?.();
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return piece as Uint8Array<ArrayBuffer>;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#pieces.next();
    if (done) {
      this.#hasEnded = true;
      return;
    }
    if (!(value instanceof Uint8Array)) {
      throw new TypeError("Expected a source of Uint8Array pieces, got something else.");
    }
    this.#rest = value;
  }
}

function piecesOf(source: ByteSource): AsyncIterator<Uint8Array> {
  if (source instanceof Uint8Array) return once(source);
  // By its reader, for not every browser iterates streams.
  if ("getReader" in source) return readerOf(source);
  return source[Symbol.asyncIterator]();
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** No generator, which could not be left while it waits for bytes. */
function readerOf(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array> {
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/**
 * The pieces of a generator as a stream, made when they are asked for.
 *
 * @param cancel - Called when the stream fails or is left early.
 */
export function streamOf(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  cancel: () => Promise<void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          await cancel().catch(() => {});
          throw error;
        }
      },
      async cancel() {
        await cancel();
        await pieces.return(undefined);
      },
    },
    // Nothing is made before it is asked for: whoever reads decides how much memory is used.
    { highWaterMark: 0 },
  );
}
