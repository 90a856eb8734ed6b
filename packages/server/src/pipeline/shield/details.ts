import type { Context } from "../../context.js";
import { isFlat, runsNeeded } from "../../domain/shield/lock.js";
import type { ShieldDescription, ShieldEdge, ShieldNode } from "../../domain/shield/profile.js";
import type { ShieldCounts, StoredShieldProfile } from "../../store/verbs/shield.js";

const DAY_MS = 86_400_000;
/** For how long it is told what enforcing would have held. */
const LOOK_BACK_MS = 7 * DAY_MS;
const MAX_NODES = 500;
const MAX_EDGES = 2_000;
/** Profiles described at once: each may have to be loaded, and may be large. */
const AT_ONCE = 4;

/** A profile as people see it in a list. */
export interface ShieldOverview {
  readonly stored: StoredShieldProfile;
  readonly baseline: Omit<ShieldDescription, "meanBits" | "nodes" | "edges">;
  readonly runsNeeded: number;
  readonly isFlat: boolean;
  readonly lastDay: ShieldCounts;
}

/** And by itself. */
export interface ShieldDetails extends ShieldOverview {
  readonly nodes: readonly ShieldNode[];
  readonly edges: readonly ShieldEdge[];
  /** Some were left out. */
  readonly isCut: boolean;
  readonly since: number;
  readonly sinceThen: ShieldCounts;
}

type Parts = Pick<Context, "store" | "shield" | "clock">;

/** What profiles have learnt by now, and what came of them today, in their order. */
export async function describeProfiles(
  parts: Parts,
  all: readonly StoredShieldProfile[],
): Promise<readonly ShieldOverview[]> {
  const overviews: ShieldOverview[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    overviews.push(...(await Promise.all(some.map((stored) => describeProfile(parts, stored)))));
  }
  return overviews;
}

/** What a profile has learnt by now, and what came of it today. */
export async function describeProfile(
  { store, shield, clock }: Parts,
  stored: StoredShieldProfile,
): Promise<ShieldOverview> {
  const [lastDay, profile] = await Promise.all([
    store.shield.count(stored.id, clock.now() - DAY_MS),
    shield.profile(stored.id),
  ]);
  return toOverview(stored, profile.describe(), lastDay);
}

/** And what its runs look like, and what enforcing it would have held. */
export async function detailProfile(
  { store, shield, clock }: Parts,
  stored: StoredShieldProfile,
): Promise<ShieldDetails> {
  const now = clock.now();
  const since = now - LOOK_BACK_MS;
  const lastDay = await store.shield.count(stored.id, now - DAY_MS);
  const sinceThen = await store.shield.count(stored.id, since);
  const description = (await shield.profile(stored.id)).describe();
  return {
    ...toOverview(stored, description, lastDay),
    ...toGraph(description),
    since,
    sinceThen,
  };
}

function toOverview(
  stored: StoredShieldProfile,
  description: ShieldDescription,
  lastDay: ShieldCounts,
): ShieldOverview {
  const { settings, learningSinceRuns } = stored;
  const terms = { holdOneIn: settings.holdOneIn, learningSinceRuns };
  return {
    stored,
    baseline: description,
    runsNeeded: runsNeeded(terms),
    isFlat: isFlat(description, terms),
    lastDay,
  };
}

/** The most frequent of both. One more than is told says that there are more. */
function toGraph(description: ShieldDescription): Pick<ShieldDetails, "nodes" | "edges" | "isCut"> {
  const known = description.nodes(MAX_NODES + 1);
  const nodes = known.slice(0, MAX_NODES);
  const among = new Set(nodes.map(({ action }) => action));
  const edges = description.edges(MAX_EDGES + 1, among);
  const isCut = known.length > MAX_NODES || edges.length > MAX_EDGES;
  return { nodes, edges: edges.slice(0, MAX_EDGES), isCut };
}
