import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { z } from "zod";
import { operation } from "../../http/operation.js";

/** Where the page finds its renderer. */
export const REFERENCE_SCRIPT_PATH = "/docs/api/redoc.js";

/** The one thing Redoc would fetch from elsewhere: the logo beside its own name. */
const FOREIGN_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";

let loading: Promise<string> | undefined;

export const referenceScriptOperation = operation({
  id: "referenceScript",
  tag: "Reference",
  method: "get",
  path: REFERENCE_SCRIPT_PATH,
  audience: { public: true },
  summary: "The renderer of the reference page",
  responses: {
    200: { description: "Redoc.", contentType: "text/javascript", schema: z.string() },
  },
  async handle() {
    loading ??= loadRenderer();
    return new Response(await loading, {
      headers: {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=3600",
        "X-Content-Type-Options": "nosniff",
      },
    });
  },
});

async function loadRenderer(): Promise<string> {
  const script = await readRenderer();
  return script.replaceAll(FOREIGN_LOGO, "data:,");
}

/** The build puts Redoc beside the bundle; from source it is still in its package. */
async function readRenderer(): Promise<string> {
  try {
    return await readFile(new URL("./reference/redoc.js", import.meta.url), "utf8");
  } catch {
    const path = createRequire(import.meta.url).resolve("redoc/bundles/redoc.standalone.js");
    return readFile(path, "utf8");
  }
}
