import type { Database } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ShieldStore } from "../verbs/shield.js";
import type { ProjectEventWriter } from "./project-events.js";
import { ShieldEntryMapper } from "./shield-entry-row.js";
import { createEntryWriter, type EntryWriter } from "./shield-log.js";
import { createShieldProfiles } from "./shield-profiles.js";
import { createShieldRetention } from "./shield-retention.js";
import { createReviewWriter, createShieldReview, type ReviewWriter } from "./shield-reviews.js";
import { createShieldRunList } from "./shield-runs.js";
import { createShieldSnapshots } from "./shield-snapshots.js";
import { createShieldSteps } from "./shield-steps.js";

/** What the verbs of the shield share with those of requests. */
export interface ShieldParts {
  readonly mapper: ShieldEntryMapper;
  readonly append: EntryWriter;
  readonly review: ReviewWriter;
}

export function createShieldParts(dialect: Dialect): ShieldParts {
  const mapper = new ShieldEntryMapper(dialect);
  const append = createEntryWriter(dialect);
  return { mapper, append, review: createReviewWriter(mapper, append) };
}

export function createShieldStore(
  database: Database,
  { mapper, append, review }: ShieldParts,
  appendEvent: ProjectEventWriter,
): ShieldStore {
  return {
    ...createShieldProfiles(database, appendEvent),
    ...createShieldSteps(database, mapper, append),
    ...createShieldSnapshots(database),
    review: createShieldReview(database, mapper, review, appendEvent),
    listRuns: createShieldRunList(database),
    prune: createShieldRetention(database),
  };
}
