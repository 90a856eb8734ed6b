/**
 * A host name as URLs write it: lower case, international names in ASCII, no dot at the end.
 * `undefined` for what is none, such as one with a port or a path.
 */
export function parseHost(text: string): string | undefined {
  if (/[\s/?#@\\]/.test(text) || /:\d*$/.test(text)) return undefined;
  return hostOfUrl(`https://${text}`);
}

/** The host that a URL calls; `undefined` for what is no URL. */
export function hostOfUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const host = new URL(url).hostname.replace(/\.$/, "");
  return host === "" ? undefined : host;
}
