// Serves the two routes as Next.js would, by their folders and their exports.
import { serve } from "@hono/node-server";
import * as chat from "./app/api/chat/route.js";
import * as holdpoint from "./app/api/holdpoint/route.js";

const routes: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  "GET /api/chat": chat.GET,
  "POST /api/chat": chat.POST,
  "POST /api/holdpoint": holdpoint.POST,
};

async function fetch(request: Request): Promise<Response> {
  const route = routes[`${request.method} ${new URL(request.url).pathname}`];
  return route ? route(request) : new Response(null, { status: 404 });
}

serve({ fetch, port: Number(process.env.PORT ?? 4851), hostname: "127.0.0.1" }, () =>
  console.log("ready"),
);
