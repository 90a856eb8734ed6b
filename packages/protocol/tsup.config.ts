import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    core: "src/core.ts",
    schemas: "src/schemas/index.ts",
    envelope: "src/envelope/index.ts",
    state: "src/state/index.ts",
    receipt: "src/receipt/index.ts",
    spend: "src/spend/index.ts",
    escrow: "src/escrow/index.ts",
    gate: "src/gate/index.ts",
    policy: "src/policy/index.ts",
    shield: "src/shield/index.ts",
    "spend-core": "src/spend/core.ts",
  },
  format: ["esm", "cjs"],
  clean: true,
  sourcemap: true,
  target: "node20",
});
