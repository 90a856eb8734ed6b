import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: {
    resolve: { conditions: ["@holdpoint/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["src/**/*.test.ts"],
    // Several tests wait for real: for a link to be shown, or for a client's own limit.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    typecheck: { enabled: true, include: ["src/**/*.test-d.ts"] },
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
