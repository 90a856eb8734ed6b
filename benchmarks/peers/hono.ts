import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { serveParent } from "../lib/processes.js";

/** A held request in the HTTP framework we use, without anything of ours. */
const wakers = new Set<() => void>();
const app = new Hono()
  .get("/wake", (context) => {
    for (const wake of wakers) wake();
    wakers.clear();
    return context.json({});
  })
  .get("/hold", async (context) => {
    await new Promise<void>((resolve) => wakers.add(resolve));
    return context.json({});
  });
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  serveParent({ url: `http://127.0.0.1:${port}` }, async () => {
    server.close();
  });
});
