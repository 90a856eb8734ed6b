import type { Database } from "../database.js";
import type { ShieldStore } from "../verbs/shield.js";

export function createShieldSnapshots({
  read,
  write,
  dialect,
}: Database): Pick<ShieldStore, "loadSnapshot" | "saveSnapshot"> {
  return {
    async loadSnapshot(profileId) {
      const row = await read(({ db }) =>
        db
          .selectFrom("shield_snapshots")
          .select(["sequence", "bytes"])
          .where("profile_id", "=", profileId)
          .executeTakeFirst(),
      );
      return row && { sequence: dialect.decodeInteger(row.sequence), bytes: row.bytes };
    },
    async saveSnapshot(profileId, sequence, bytes) {
      await write(({ db }) =>
        db
          .insertInto("shield_snapshots")
          .values({ profile_id: profileId, sequence, bytes })
          .onConflict((conflict) =>
            conflict
              .column("profile_id")
              .doUpdateSet({ sequence, bytes })
              // Of the same sequence the bytes are the same, unless what is there is broken.
              .where("shield_snapshots.sequence", "<=", sequence),
          )
          .execute(),
      );
    },
  };
}
