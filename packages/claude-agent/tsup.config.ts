import { defineConfig } from "tsup";

const shared = { sourcemap: true, target: "node20" } as const;

export default defineConfig(({ dts }) => [
  { ...shared, entry: ["src/index.ts"], format: ["esm", "cjs"], clean: true },
  // A program of its own: it waits at its top level, which CommonJS cannot, and has no types to give.
  ...(dts
    ? []
    : [
        {
          ...shared,
          entry: { "permission-prompt": "src/permission/bin.ts" },
          format: "esm" as const,
        },
      ]),
]);
