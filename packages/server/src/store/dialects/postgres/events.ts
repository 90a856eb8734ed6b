import type { NewEventRow } from "../../schema.js";
import type { Connection } from "./connection.js";

/** Every column but the number, which the database gives, with its type. */
const COLUMNS = {
  id: "text",
  project_id: "text",
  request_id: "text",
  agent_id: "text",
  type: "text",
  status: "text",
  at: "bigint",
  actor_type: "text",
  actor_id: "text",
  actor_name: "text",
  execution_id: "text",
  fencing_token: "integer",
  reconciled: "boolean",
  amount_minor: "bigint",
  late: "boolean",
} as const satisfies Record<keyof NewEventRow, "text" | "bigint" | "integer" | "boolean">;

const NAMES = Object.keys(COLUMNS) as (keyof NewEventRow)[];

/** One statement for any number of rows: a list per column. */
const INSERT = `insert into events (${NAMES.join(", ")}) select * from unnest(${Object.values(
  COLUMNS,
)
  .map((type, index) => `$${index + 1}::${type}[]`)
  .join(", ")})`;

/** Inserts events in their order, taking the lock that numbers them. */
export async function insertEvents(
  connection: Connection,
  rows: readonly NewEventRow[],
): Promise<void> {
  await connection.query(
    INSERT,
    NAMES.map((name) => rows.map((row) => row[name])),
  );
}
