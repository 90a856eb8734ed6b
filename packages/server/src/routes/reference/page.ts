import { z } from "zod";
import { operation } from "../../http/operation.js";
import { REFERENCE_SCRIPT_PATH } from "./script.js";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdpoint API</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<noscript>This page needs JavaScript. The same as data: <a href="/openapi.json">/openapi.json</a>.</noscript>
<redoc spec-url="/openapi.json" disable-search="false" native-scrollbars></redoc>
<script src="${REFERENCE_SCRIPT_PATH}"></script>
</body>
</html>
`;

/** Redoc styles by inline rules and searches in a worker; it may talk to nobody but us. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const referencePageOperation = operation({
  id: "referencePage",
  tag: "Reference",
  method: "get",
  path: "/docs/api",
  audience: { public: true },
  summary: "This API to read",
  responses: { 200: { description: "A page.", contentType: "text/html", schema: z.string() } },
  handle: () =>
    new Response(PAGE, {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-cache",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
      },
    }),
});
