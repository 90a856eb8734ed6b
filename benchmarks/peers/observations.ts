import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createObservationsSchema } from "@holdpoint/protocol/schemas";
import { serve } from "@hono/node-server";
import { DatabaseSync } from "@photostructure/sqlite";
import { Hono } from "hono";
import { serveParent } from "../lib/processes.js";

/**
 * The least that can be done with observations: the same check of what came, a row each, one durable
 * commit a call. No credentials, no profile, nothing measured.
 */
const directory = await mkdtemp(join(tmpdir(), "holdpoint-bench-"));
const database = new DatabaseSync(join(directory, "observations.db"));
database.exec(`
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table observations (id text primary key, body text) strict;
`);
const insert = database.prepare("insert into observations values (?, ?) on conflict do nothing");

const app = new Hono().post("/v1/observations", async (context) => {
  const { observations } = createObservationsSchema.parse(await context.req.json());
  database.exec("begin");
  for (const observation of observations) insert.run(observation.id, JSON.stringify(observation));
  database.exec("commit");
  return context.body(null, 204);
});

const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  const ready = { url: `http://127.0.0.1:${port}`, apiKey: "none", operatorToken: "none" };
  serveParent(ready, async () => {
    server.close();
    database.close();
    await rm(directory, { recursive: true });
  });
});
