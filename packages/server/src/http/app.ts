import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import type { Context } from "../context.js";
import { ProblemError } from "../domain/problem.js";
import { operations } from "../routes/index.js";
import { answer } from "./answer.js";
import { createPages } from "./pages.js";
import { problemOf } from "./problem.js";
import { problemResponse } from "./response.js";

export type App = (
  request: Request,
  bindings?: Partial<HttpBindings>,
) => Response | Promise<Response>;

/** The whole app: every operation of the list, and the dashboard's pages for what is left. */
export function createApp(context: Context): App {
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>();
  for (const operation of operations) {
    app.on(operation.method.toUpperCase(), honoPath(operation.path), (http) =>
      answer(context, operation, http),
    );
  }
  const methodsOf = createMethodTable();
  const pages = createPages(context.dashboardDirectory);
  app.notFound((http) => {
    const methods = methodsOf(http.req.path);
    if (methods.length > 0) return problemResponse(methodNotAllowed(methods), randomUUID());
    if (pages !== undefined && isPagePath(http.req)) return pages(http.req.raw, http.env);
    return problemResponse(routeNotFound(), randomUUID());
  });
  app.onError((error) => {
    const traceId = randomUUID();
    return problemResponse(problemOf(error, traceId, context.log), traceId);
  });
  return (request, bindings) => app.fetch(request, bindings);
}

function honoPath(path: string): string {
  return path.replace(/\{(\w+)\*\}$/, ":$1{.+}").replaceAll(/\{(\w+)\}/g, ":$1");
}

/** Tells which methods a path knows. */
function createMethodTable(): (path: string) => readonly string[] {
  const router = new TrieRouter<string>();
  for (const { method, path } of operations) {
    router.add("ALL", honoPath(path), method.toUpperCase());
  }
  return (path) => {
    const methods = new Set(router.match("ALL", path)[0].map(([method]) => method));
    return [...(methods.has("GET") ? methods.add("HEAD") : methods)];
  };
}

/** Pages are what is read outside the API's own folders; nothing there falls back to a page. */
function isPagePath({ method, path }: { method: string; path: string }): boolean {
  return /^(GET|HEAD)$/.test(method) && !/^\/(v1|auth|docs)(\/|$)/.test(path);
}

function methodNotAllowed(methods: readonly string[]): ProblemError {
  return new ProblemError({
    code: "METHOD_NOT_ALLOWED",
    detail: `Expected ${methods.join(" or ")} on this route. See /docs/api.`,
    headers: { Allow: methods.join(", ") },
  });
}

function routeNotFound(): ProblemError {
  return new ProblemError({
    code: "ROUTE_NOT_FOUND",
    detail: "Expected a route of the API. See /docs/api for all of them.",
  });
}
