import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    schemas: "src/schemas/index.ts",
    envelope: "src/envelope/index.ts",
  },
  format: ["esm", "cjs"],
  clean: true,
  sourcemap: true,
  target: "node20",
});
