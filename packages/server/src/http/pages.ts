import type { HttpBindings } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";

/** The dashboard talks to us alone. Its components position things by inline styles. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  workerSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** The folder whose names carry a hash of their content, as Vite builds it. */
const HASHED_ASSET = /^\/assets\//;

type Pages = (request: Request, bindings?: Partial<HttpBindings>) => Response | Promise<Response>;

/** Serves the built dashboard; any path that is no file is one of its own routes. */
export function createPages(directory: string | undefined): Pages | undefined {
  if (directory === undefined) return undefined;
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      xFrameOptions: "DENY",
      referrerPolicy: "no-referrer",
      // Whether a host is HTTPS for good is for whoever runs it to say.
      strictTransportSecurity: false,
    }),
  );
  app.use(async (http, next) => {
    await next();
    const isAsset = HASHED_ASSET.test(http.req.path) && http.res.status === 200;
    http.res.headers.set(
      "Cache-Control",
      isAsset ? "public, max-age=31536000, immutable" : "no-cache",
    );
  });
  app.get("*", serveStatic({ root: directory }));
  app.get("/assets/*", (http) => http.notFound());
  app.get("*", serveStatic({ root: directory, path: "index.html" }));
  return (request, bindings) => app.fetch(request, bindings);
}
