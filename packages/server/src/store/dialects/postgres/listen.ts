import { randomBytes } from "node:crypto";
import type { RequestEventType } from "@holdpoint/protocol";
import type { Client } from "pg";
import { StoreError } from "../../errors.js";
import type { Change, ChangeFeed, ChangeSink, OpenFeed } from "../../feed.js";
import { CHANGES_CHANNEL } from "./changes.js";
import { nameFailure } from "./failure.js";

/** How long to wait for the connection, and for an answer on it. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 5_000;

/** Listens on a connection of its own: one that is handed around would miss what is announced. */
export function createFeed(connectionString: string): ChangeFeed {
  return {
    async open(sink) {
      const { default: pg } = await import("pg");
      const client = new pg.Client({
        connectionString,
        application_name: "holdpoint-listener",
        connectionTimeoutMillis: CONNECT_MS,
        query_timeout: ANSWER_MS,
        keepAlive: true,
      });
      // Every error also ends the connection, which is told below.
      client.on("error", () => {});
      try {
        await client.connect();
        return await listen(client, sink);
      } catch (error) {
        await client.end().catch(() => {});
        throw nameFailure(error);
      }
    },
  };
}

async function listen(client: Client, sink: ChangeSink): Promise<OpenFeed> {
  const heard = new Set<string>();
  let isOpen = false;
  client.on("notification", ({ payload = "" }) => {
    if (payload.startsWith(PING)) heard.add(payload);
    else if (isOpen) tell(sink, payload);
  });
  await client.query(`listen ${CHANGES_CHANNEL}`);
  const check = () => checkHeard(client, heard);
  await check();
  isOpen = true;
  client.once("end", () => {
    if (isOpen) sink.ended();
    isOpen = false;
  });
  return {
    check,
    async close() {
      isOpen = false;
      await client.end();
    },
  };
}

const PING = "ping ";

/** An announcement to oneself comes before the answer to whatever is asked next. */
async function checkHeard(client: Client, heard: Set<string>): Promise<void> {
  const ping = `${PING}${randomBytes(9).toString("base64url")}`;
  await client.query("select pg_notify($1, $2)", [CHANGES_CHANNEL, ping]);
  await client.query("select 1");
  const isHeard = heard.has(ping);
  heard.clear();
  if (isHeard) return;
  throw new StoreError({
    code: "DATABASE_UNSUITABLE",
    message:
      "Expected to hear announcements of the database (LISTEN), but none came. Connect to PostgreSQL itself, or through a pooler in session mode.",
  });
}

function tell(sink: ChangeSink, payload: string): void {
  const change = parseChange(payload);
  if (change !== undefined) sink.change(change);
}

/** `undefined` for what a newer version announces. */
function parseChange(payload: string): Change | undefined {
  if (payload === "credentials") return { kind: "credentials" };
  const [kind, projectId, requestId, type, due] = payload.split(" ");
  if (kind !== "event" || !projectId || !requestId || !type) return undefined;
  return {
    kind,
    projectId,
    requestId,
    type: type as RequestEventType,
    dueAt: Number(due) || undefined,
  };
}
