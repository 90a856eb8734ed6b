import type { WireActor } from "@holdpoint/protocol";
import type { Dialect } from "../dialects/dialect.js";
import type { ActorColumns } from "../schema.js";

/** The same where nobody may have done it yet. */
type OptionalActorColumns<Prefix extends string> = {
  readonly [Column in keyof ActorColumns<Prefix>]: ActorColumns<Prefix>[Column] | null;
};

/** Who did something, as columns: `<prefix>_type`, `<prefix>_id` and `<prefix>_name`. */
export function toActorColumns<Prefix extends string>(
  prefix: Prefix,
  { type, id, name }: WireActor,
): ActorColumns<Prefix> {
  return {
    [`${prefix}_type`]: type,
    [`${prefix}_id`]: id,
    [`${prefix}_name`]: name ?? null,
  } as ActorColumns<Prefix>;
}

/** Who did it. `undefined`: nobody has, as far as the row says. */
export function actorIn<Prefix extends string>(
  prefix: Prefix,
  row: ActorColumns<Prefix>,
): WireActor;
export function actorIn<Prefix extends string>(
  prefix: Prefix,
  row: OptionalActorColumns<Prefix>,
): WireActor | undefined;
export function actorIn(
  prefix: string,
  row: Readonly<Record<string, unknown>>,
): WireActor | undefined {
  const type = row[`${prefix}_type`] as WireActor["type"] | null;
  const id = row[`${prefix}_id`] as string | null;
  const name = row[`${prefix}_name`] as string | null;
  if (type === null || id === null) return undefined;
  return { type, id, ...(name !== null && { name }) };
}

/** Reads integers that may not be there. */
export function integerIn({ decodeInteger }: Dialect) {
  return (stored: number | null) => (stored === null ? undefined : decodeInteger(stored));
}
