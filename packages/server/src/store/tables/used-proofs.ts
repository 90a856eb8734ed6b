import type { Database } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { ProofStore } from "../verbs/leases.js";

export function createProofStore({ write }: Database): ProofStore {
  const remember = prepareQuery(
    ({ db }, row: { readonly id: string; readonly expiresAt: number }) =>
      db
        .insertInto("used_proofs")
        .values({ id: row.id, expires_at: row.expiresAt })
        .onConflict((conflict) => conflict.column("id").doNothing()),
  );
  const forget = prepareQuery(({ db }, due: { readonly now: number; readonly limit: number }) =>
    db
      .deleteFrom("used_proofs")
      .where("id", "in", (from) =>
        from
          .selectFrom("used_proofs")
          .select("id")
          .where("expires_at", "<=", due.now)
          .orderBy("expires_at")
          .limit(due.limit),
      ),
  );
  return {
    async remember(id, expiresAt) {
      const { numAffectedRows } = await write((transaction) =>
        remember(transaction, { id, expiresAt }),
      );
      return numAffectedRows === 1n;
    },
    async forget(now, limit) {
      const { numAffectedRows } = await write((transaction) => forget(transaction, { now, limit }));
      return Number(numAffectedRows);
    },
  };
}
