/**
 * What `run` publishes as it goes, and at the end what it returns: as the framework takes results
 * that come in parts. It runs to its end also when nobody reads on, so that its result is recorded.
 */
export function streamResults(
  run: (publish: (output: unknown) => void) => Promise<unknown>,
): ReadableStream<unknown> {
  let isRead = true;
  return new ReadableStream({
    async start(controller) {
      let last: { readonly output: unknown } | undefined;
      const publish = (output: unknown) => {
        last = { output };
        if (isRead) controller.enqueue(output);
      };
      const result = await run(publish);
      if (last === undefined || last.output !== result) publish(result);
      if (isRead) controller.close();
    },
    cancel() {
      isRead = false;
    },
  });
}

/** The last of the outputs that a tool has given: to the framework, that is its result. */
export async function readLast(
  output: unknown,
  publish: ((output: unknown) => void) | undefined,
): Promise<unknown> {
  if (!isAsyncIterable(output)) return output;
  let last: unknown;
  for await (const part of output) {
    last = part;
    publish?.(part);
  }
  return last;
}

/** Told from the function alone: what it returns is not known before it may run. */
export function isAsyncGenerator(execute: unknown): boolean {
  return Object.prototype.toString.call(execute) === "[object AsyncGeneratorFunction]";
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof (Object(value) as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function"
  );
}
