import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", adapter: "src/adapter/index.ts" },
  format: ["esm", "cjs"],
  clean: true,
  sourcemap: true,
  target: "node20",
});
