/**
 * Runs queries of one transaction side by side: they are sent together and run in turn. Unlike
 * `Promise.all` it waits for all of them where one fails, for what is still under way would
 * otherwise run after the transaction was undone.
 */
export async function together<Work extends readonly unknown[]>(
  work: readonly [...Work],
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
