import type { SpendPolicy } from "@holdpoint/protocol/spend";
import type { Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import { together } from "../together.js";
import type { SpendTarget } from "../verbs/spend-limits.js";
import { placeOf } from "./spend-policies.js";

/** Policies kept as they were read, for they are compiled once for each object. */
const KEPT_POLICIES = 2_000;

type PolicyScope = "agent" | "project";

/** What binds an agent's purchases beside budgets. */
export interface SpendLimits {
  readonly stopped: Readonly<Record<PolicyScope, boolean>>;
  readonly policies: { readonly [scope in PolicyScope]?: SpendPolicy | undefined };
}

/** Kill switches and policies in force: three looks into an index. */
export function prepareLimits(dialect: Dialect) {
  const findSwitches = prepareQuery(({ db }, target: Required<SpendTarget>) =>
    db
      .selectFrom("kill_switches")
      .select(["scope", "stopped"])
      .where("project_id", "=", target.projectId)
      .where("scope", "in", ["agent", "project"])
      .where("scope_id", "in", [target.agentId, target.projectId]),
  );
  const findPolicy = prepareQuery(({ db }, place: PolicyPlace) =>
    db
      .selectFrom("spend_policies")
      .select(["id", "policy"])
      .where("project_id", "=", place.projectId)
      .where("scope", "=", place.scope)
      .where("scope_id", "=", place.scopeId)
      .orderBy("revision", "desc")
      .limit(1),
  );
  const kept = new Map<string, SpendPolicy>();

  async function readPolicy(reader: Reader, target: SpendTarget): Promise<SpendPolicy | undefined> {
    const place = { projectId: target.projectId, ...placeOf(target) };
    const { rows } = await findPolicy(reader, place);
    const [row] = rows;
    return row && row.policy !== null ? decode(row.id, row.policy) : undefined;
  }

  /** A revision never changes, so that its id says what it is. */
  function decode(id: string, stored: unknown): SpendPolicy {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const policy = dialect.decodeJson(stored) as SpendPolicy;
    if (kept.size >= KEPT_POLICIES) kept.clear();
    kept.set(id, policy);
    return policy;
  }

  return {
    /** After the accounts are locked: whoever changes what is read here waits for them, too. */
    async read(reader: Reader, target: Required<SpendTarget>): Promise<SpendLimits> {
      const { projectId, agentId } = target;
      const [switches, agent, project] = await together([
        findSwitches(reader, { projectId, agentId }),
        readPolicy(reader, { projectId, agentId }),
        readPolicy(reader, { projectId }),
      ]);
      const isStopped = (scope: PolicyScope) =>
        switches.rows.some((row) => row.scope === scope && dialect.decodeBoolean(row.stopped));
      return {
        stopped: { agent: isStopped("agent"), project: isStopped("project") },
        policies: { agent, project },
      };
    },
  };
}

interface PolicyPlace {
  readonly projectId: string;
  readonly scope: PolicyScope;
  readonly scopeId: string;
}
