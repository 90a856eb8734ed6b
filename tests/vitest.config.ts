import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: {
    resolve: { conditions: ["@holdpoint/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["**/*.test.ts"],
    globalSetup: ["harness/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // How busy a machine is says nothing of what is tested.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
