import type { Dialect } from "../dialects/dialect.js";
import { optional } from "./request-row.js";

/** The columns that say since when and until when a credential counts. */
interface ValidityColumns {
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

/** The times of a credential as the domain knows them. */
export function validity(row: ValidityColumns, { decodeInteger }: Dialect) {
  const time = (stored: number | null) => (stored === null ? undefined : decodeInteger(stored));
  return {
    createdAt: decodeInteger(row.created_at),
    ...optional("expiresAt", time(row.expires_at)),
    ...optional("lastUsedAt", time(row.last_used_at)),
    ...optional("revokedAt", time(row.revoked_at)),
  };
}
