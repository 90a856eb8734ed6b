import { defineConfig } from "vitest/config";

/** Tests that need a PostgreSQL server, which only their runs start. */
const POSTGRES = "src/**/*.postgres.test.ts";

export default defineConfig({
  ssr: {
    // Without "module", whose files the AWS SDK has for bundlers only.
    resolve: { conditions: ["@holdpoint/source", "node", "development|production"] },
  },
  test: {
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
    projects: [
      {
        extends: true,
        test: {
          name: "embedded",
          include: ["src/**/*.test.ts"],
          exclude: [POSTGRES],
          // Fuzzing takes its time where others use the same cores.
          testTimeout: 30_000,
          typecheck: { enabled: true, include: ["src/**/*.test-d.ts"] },
        },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          include: [POSTGRES],
          globalSetup: ["@holdpoint/test-postgres/setup"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
