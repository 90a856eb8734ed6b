import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const home = fileURLToPath(new URL("..", import.meta.url));

/** A script for a place without modules: the exports of `code` become the global `name`. */
export async function bundleForBrowser(code: string, name: string): Promise<string> {
  const bundle = await build({
    stdin: { contents: code, resolveDir: home, loader: "ts" },
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: name,
    conditions: ["@holdpoint/source"],
  });
  return bundle.outputFiles[0]?.text ?? "";
}
