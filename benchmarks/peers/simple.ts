import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { DatabaseSync } from "@photostructure/sqlite";
import { Hono } from "hono";
import { serveParent } from "../lib/processes.js";

/**
 * The obvious approval server: the same two routes, one row and one durable commit each. No
 * credentials, no validation, no events, no encryption at rest.
 */
const directory = await mkdtemp(join(tmpdir(), "holdpoint-bench-"));
const database = new DatabaseSync(join(directory, "simple.db"));
database.exec(`
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table requests (id text primary key, body text, status text, revision integer) strict;
`);
const insert = database.prepare("insert into requests values (?, ?, 'PENDING', 1)");
const approve = database.prepare(
  "update requests set status = 'APPROVED', revision = 2 where id = ? and revision = 1",
);

const app = new Hono()
  .post("/v1/requests", async (context) => {
    const body = await context.req.json<{ id: string }>();
    insert.run(body.id, JSON.stringify(body));
    return context.json({ ...body, status: "PENDING", revision: 1 }, 201);
  })
  .post("/v1/requests/:id/decision", async (context) => {
    const id = context.req.param("id");
    await context.req.json();
    return context.json({ id, decided: approve.run(id).changes === 1 });
  });

const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  const ready = { url: `http://127.0.0.1:${port}`, apiKey: "none", operatorToken: "none" };
  serveParent(ready, async () => {
    server.close();
    database.close();
    await rm(directory, { recursive: true });
  });
});
