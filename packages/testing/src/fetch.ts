/**
 * Makes `fetch` of a function that answers requests in this process. Like the global one it
 * rejects with the signal's reason when aborted, however long the answer takes.
 */
export function abortable(
  answer: (request: Request) => Promise<Response>,
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    let stop = () => {};
    const aborted = new Promise<never>((_resolve, reject) => {
      stop = () => reject(signal.reason as unknown);
      signal.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([answer(request), aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}
