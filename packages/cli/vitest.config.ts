import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: {
    resolve: { conditions: ["@holdpoint/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["src/**/*.test.ts"],
    typecheck: { enabled: true, include: ["src/**/*.test-d.ts"] },
    // Each test starts processes from source.
    testTimeout: 60_000,
    // `dev` starts in a second, and on a machine that does other things in ten.
    hookTimeout: 60_000,
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
