import type { Tables } from "../harness/tables.js";

/** What is in the database, read behind the control plane's back. */
export interface Found {
  readonly requests: readonly FoundRequest[];
  readonly events: readonly FoundEvent[];
  readonly executions: readonly FoundExecution[];
  /** In the order of the log; those it has not taken in yet come last. */
  readonly receipts: readonly FoundReceipt[];
  readonly checkpoint: string;
  /** Names of operator tokens: the load names each after its Idempotency-Key. */
  readonly tokens: readonly string[];
  /** Public keys of receipts, raw, by `kid`. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

export interface FoundRequest {
  readonly id: string;
  readonly status: string;
  readonly executionStatus: string;
  readonly grantId: string | null;
}

export interface FoundEvent {
  readonly id: string;
  readonly requestId: string;
  readonly type: string;
  readonly status: string;
  readonly fencingToken: number | null;
}

export interface FoundExecution {
  readonly id: string;
  readonly requestId: string;
  readonly status: string;
  readonly fencingToken: number;
}

export interface FoundReceipt {
  readonly id: string;
  readonly logIndex: number | null;
  readonly jws: string;
}

/** Reads it as it stands at one moment. */
export function readFound(tables: Tables): Promise<Found> {
  return tables.atOnce(() => readAll(tables));
}

async function readAll(tables: Tables): Promise<Found> {
  const read = async <Row>(sql: string) => (await tables.query(sql)) as unknown as readonly Row[];
  const keys = await read<{ kid: string; key: Uint8Array }>(
    `select kid, public_key as "key" from signing_keys where purpose = 'receipt'`,
  );
  const [head] = await read<{ checkpoint: string }>("select checkpoint from log_head");
  return {
    requests: await read(
      `select id, status, execution_status as "executionStatus", grant_id as "grantId" from requests order by id`,
    ),
    events: await read(
      `select id, request_id as "requestId", type, status, fencing_token as "fencingToken" from events order by sequence`,
    ),
    executions: await read(
      `select id, request_id as "requestId", status, fencing_token as "fencingToken" from executions order by id`,
    ),
    receipts: await read(
      `select id, log_index as "logIndex", jws from receipts order by log_index is null, log_index, sequence`,
    ),
    tokens: (await read<{ name: string }>("select name from operator_tokens order by id")).map(
      ({ name }) => name,
    ),
    checkpoint: head?.checkpoint ?? "",
    keys: new Map(keys.map(({ kid, key }) => [kid, key])),
  };
}
