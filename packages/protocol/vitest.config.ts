import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: {
    resolve: { conditions: ["@holdpoint/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["src/**/*.test.ts"],
    // Properties and child processes, on a machine that does other things too.
    testTimeout: 30_000,
    typecheck: { enabled: true, include: ["src/**/*.test-d.ts"] },
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
