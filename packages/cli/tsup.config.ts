import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/bin.ts"],
  format: ["esm"],
  clean: true,
  sourcemap: true,
  target: "node20",
  splitting: true,
  // The dashboard travels inside this package, so that one install brings everything.
  onSuccess: async () => {
    const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
    await cp(at("../dashboard/dist"), at("dist/dashboard"), { recursive: true });
  },
});
