/** Milliseconds since the epoch as the wire writes them. */
export function wireTime(at: number): string {
  return new Date(at).toISOString();
}

/** The same for a time that may be absent, as an object to spread. */
export function optionalTime<Name extends string>(
  name: Name,
  at: number | undefined,
): { readonly [Key in Name]?: string } {
  return at === undefined ? {} : ({ [name]: wireTime(at) } as { [Key in Name]?: string });
}
