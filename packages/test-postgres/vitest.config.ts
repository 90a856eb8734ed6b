import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: ["src/setup.ts"],
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
