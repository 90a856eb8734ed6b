const LONGEST_LINK = 2_000;

/**
 * The host a text leads to when it is a web address and nothing else, in its ASCII form so that
 * look-alike letters show. `undefined` for other schemes and for addresses that carry a user name,
 * which are there to mislead.
 */
export function linkHost(text: string): string | undefined {
  if (text.length > LONGEST_LINK || !/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  return url.username === "" && url.password === "" ? url.host : undefined;
}
