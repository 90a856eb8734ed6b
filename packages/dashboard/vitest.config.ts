import { defaultClientConditions } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@holdpoint/source", ...defaultClientConditions] },
  ssr: {
    resolve: { conditions: ["@holdpoint/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
