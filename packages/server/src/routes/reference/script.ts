import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { z } from "zod";
import { operation } from "../../http/operation.js";

/** Where the page finds its renderer. */
export const REFERENCE_SCRIPT_PATH = "/docs/api/redoc.js";

let loading: Promise<Buffer> | undefined;

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
    return new Response(new Uint8Array(await loading), {
      headers: {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=3600",
        "X-Content-Type-Options": "nosniff",
      },
    });
  },
});

/** The build puts Redoc beside the bundle; from source it is still in its package. */
async function loadRenderer(): Promise<Buffer> {
  try {
    return await readFile(new URL("./reference/redoc.js", import.meta.url));
  } catch {
    return readFile(createRequire(import.meta.url).resolve("redoc/bundles/redoc.standalone.js"));
  }
}
