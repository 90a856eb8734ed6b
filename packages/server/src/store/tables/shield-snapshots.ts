import { typeidUnboxed } from "typeid-js";
import type { Database } from "../database.js";
import type { ShieldStore } from "../verbs/shield.js";

/** Of one part: large enough to be few, small enough that nobody waits long behind it. */
const PART_BYTES = 1_048_576;

/**
 * Snapshots can be large, and whoever writes one must not hold up everybody else. So its parts are
 * written one by one, and it takes the place of the one before when the last of them is there.
 */
export function createShieldSnapshots({
  read,
  write,
}: Database): Pick<ShieldStore, "loadSnapshot" | "saveSnapshot"> {
  async function writeParts(profileId: string, sequence: number, bytes: Uint8Array) {
    const id = typeidUnboxed("shs");
    for (let part = 0; part * PART_BYTES < Math.max(1, bytes.length); part += 1) {
      const start = part * PART_BYTES;
      const row = { id, part, profile_id: profileId, sequence };
      const values = { ...row, bytes: bytes.subarray(start, start + PART_BYTES) };
      await write(({ db }) => db.insertInto("shield_snapshots").values(values).execute());
    }
    return id;
  }

  /** Unless there is one of a later sequence. */
  async function name(profileId: string, sequence: number, id: string): Promise<void> {
    await write(({ db }) =>
      db
        .updateTable("shield_profiles")
        .set({ snapshot_id: id, snapshot_sequence: sequence })
        .where("id", "=", profileId)
        .where("snapshot_sequence", "<", sequence)
        .execute(),
    );
  }

  /** What is no snapshot any more, and what never became one: one part at a time, as it came. */
  async function discardOld(profileId: string): Promise<void> {
    let isDone = false;
    while (!isDone) {
      isDone = await write(async ({ db }) => {
        const old = await db
          .selectFrom("shield_snapshots")
          .innerJoin("shield_profiles", "shield_profiles.id", "shield_snapshots.profile_id")
          .select(["shield_snapshots.id", "shield_snapshots.part"])
          .where("shield_snapshots.profile_id", "=", profileId)
          .whereRef("shield_snapshots.sequence", "<=", "shield_profiles.snapshot_sequence")
          .whereRef("shield_snapshots.id", "<>", "shield_profiles.snapshot_id")
          .limit(1)
          .executeTakeFirst();
        if (old === undefined) return true;
        await db
          .deleteFrom("shield_snapshots")
          .where("id", "=", old.id)
          .where("part", "=", old.part)
          .execute();
        return false;
      });
    }
  }

  return {
    async loadSnapshot(profileId) {
      const rows = await read(({ db }) =>
        db
          .selectFrom("shield_profiles")
          .innerJoin("shield_snapshots", "shield_snapshots.id", "shield_profiles.snapshot_id")
          .select(["snapshot_sequence", "bytes"])
          .where("shield_profiles.id", "=", profileId)
          .orderBy("part")
          .execute(),
      );
      const [first] = rows;
      return (
        first && {
          sequence: Number(first.snapshot_sequence),
          bytes: Buffer.concat(rows.map(({ bytes }) => bytes)),
        }
      );
    },
    async saveSnapshot(profileId, sequence, bytes) {
      await name(profileId, sequence, await writeParts(profileId, sequence, bytes));
      await discardOld(profileId);
    },
  };
}
