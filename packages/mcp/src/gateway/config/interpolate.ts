/** A variable that a text names cannot be put into it. */
export class InterpolationFault extends Error {}

/**
 * Puts variables in place of `${NAME}`.
 *
 * @throws {InterpolationFault} for one that is not set, and for Holdpoint's own: an upstream server
 *   must not be able to ask as this agent, or to read what is encrypted for it.
 */
export function interpolate(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (/^HOLDPOINT_/i.test(name)) {
      throw new InterpolationFault(
        `expected a variable that other servers may know, got \${${name}}, which is the gateway's own`,
      );
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined) return value;
    throw new InterpolationFault(`expected the environment variable ${name} to be set`);
  });
}
