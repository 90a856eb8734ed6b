import { defineConfig, type TestProjectConfiguration } from "vitest/config";

/** The framework's versions that the peer range promises. */
const FRAMEWORKS = { "0.20": "@openai/agents", "0.19": "openai-agents-0.19" };

const on = ([name, framework]: [string, string]): TestProjectConfiguration => ({
  ssr: {
    resolve: { conditions: ["@holdpoint/source", "module", "node", "development|production"] },
  },
  resolve: {
    alias: [{ find: /^@openai\/agents(?=$|\/)/, replacement: framework }],
  },
  test: {
    name: `@openai/agents ${name}`,
    include: ["src/**/*.test.ts"],
    // Runs programs of its own, which know nothing of the alias.
    exclude: name === "0.20" ? [] : ["src/readme.test.ts"],
    typecheck: { enabled: name === "0.20", include: ["src/**/*.test-d.ts"] },
  },
});

export default defineConfig({
  test: {
    projects: Object.entries(FRAMEWORKS).map(on),
    // How busy a machine is says nothing of what is tested.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", ["json", { outputFile: ".results/vitest.json" }]],
  },
});
