import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", adapter: "src/adapter/index.ts" },
  format: ["esm", "cjs"],
  // In CommonJS too, so that both entries share one copy of everything.
  splitting: true,
  clean: true,
  sourcemap: true,
  target: "node20",
});
