import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/middleware.ts"],
  format: ["esm", "cjs"],
  clean: true,
  sourcemap: true,
  target: "node20",
});
