import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import type { VectorOutcome } from "./envelope.js";

/**
 * Runs vectors in an edge runtime, bundled as for a worker.
 *
 * @param file - Such as `./envelope.js`, in this folder.
 * @param run - The function it exports, which takes the vectors.
 */
export async function runAtEdge(
  file: string,
  run: string,
  vectorsText: string,
): Promise<readonly VectorOutcome[]> {
  const bundle = await build({
    stdin: {
      contents: `export { ${run} } from ${JSON.stringify(file)};`,
      resolveDir: new URL(".", import.meta.url).pathname,
    },
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "holdpointVectors",
  });
  const vm = new EdgeVM();
  vm.evaluate(bundle.outputFiles[0]?.text ?? "");
  const outcomes = await vm.evaluate<Promise<VectorOutcome[]>>(
    // Parsed there: in an object literal, "__proto__" would not be a key.
    `holdpointVectors.${run}(JSON.parse(${JSON.stringify(vectorsText)}))`,
  );
  // Its arrays are not ours.
  return JSON.parse(JSON.stringify(outcomes)) as VectorOutcome[];
}
