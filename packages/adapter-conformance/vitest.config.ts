import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: {
    resolve: { conditions: ["@holdpoint/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["src/**/*.test.ts"],
    typecheck: { enabled: true, include: ["src/**/*.test-d.ts"] },
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
