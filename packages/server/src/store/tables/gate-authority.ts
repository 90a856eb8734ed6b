import type { CallerLease } from "../../domain/caller.js";
import type { Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { prepareGateCallQueries } from "./gate-call-queries.js";

export type GateAuthority = ReturnType<typeof createGateAuthority>;

/** Whether anything may begin, as of this transaction: a freeze waits for it, or it for the freeze. */
export function createGateAuthority(
  dialect: Dialect,
  queries: ReturnType<typeof prepareGateCallQueries>,
) {
  return {
    /** False: it is frozen, or the lease is from before a freeze. */
    async bears(transaction: Transaction, projectId: string, lease: CallerLease): Promise<boolean> {
      await dialect.lockName(transaction.db, `authority ${projectId}`, "shared");
      const { rows } = await queries.findAuthority(transaction, { projectId });
      const [authority] = rows;
      if (authority === undefined) return lease.epoch === 0;
      return !dialect.decodeBoolean(authority.frozen) && authority.epoch === lease.epoch;
    },
  };
}
