// An agent that asks a person before it drops a table.
//
//   npx holdpoint dev     in one terminal; copy the two `export` lines it prints into another
//   npm start             there

import { Holdpoint } from "@holdpoint/sdk";
import { z } from "zod";

// The person who decides gets a form made from this, and cannot send back anything else.
const Query = z.object({
  sql: z.string().min(1).max(10_000).describe("Runs exactly as it stands here."),
  database: z.enum(["staging", "production"]),
});

const holdpoint = new Holdpoint({ agent: "db-agent" }); // HOLDPOINT_URL, HOLDPOINT_API_KEY

const decision = await holdpoint.ask({
  service: "db-agent",
  action: "run_sql",
  priority: "critical",
  payload: { sql: "DROP TABLE users;", database: "production" },
  schema: Query,
});

console.log(`status   ${decision.status}`);
if (decision.reason) console.log(`reason   ${decision.reason}`);

if (decision.approved) {
  if (decision.status === "APPROVED_WITH_MODIFICATIONS") {
    console.log(`edited   ${decision.diffSummary.summary}`);
  }
  runSql(decision.approvedPayload); // the payload as the person left it
} else {
  console.log("runs     nothing");
}

/** Stands in for a database. */
function runSql({ sql, database }: z.infer<typeof Query>): void {
  console.log(`runs     ${sql}  (on ${database})`);
}
