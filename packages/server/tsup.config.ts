import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  clean: true,
  sourcemap: true,
  // The CommonJS build finds its files by `import.meta.url` too.
  shims: true,
  target: "node20",
  async onSuccess() {
    // The renderer of /docs/api travels with us: the page works offline and asks no CDN.
    const redoc = createRequire(import.meta.url).resolve("redoc/bundles/redoc.standalone.js");
    await mkdir("dist/reference", { recursive: true });
    await copyFile(redoc, "dist/reference/redoc.js");
  },
});
