import { readFileSync } from "node:fs";
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { type EnvelopeVectors, runEnvelopeVectors, type VectorOutcome } from "./envelope.js";

const file = new URL("../../vectors/envelope.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as EnvelopeVectors;

function expectAllToPass(outcomes: readonly VectorOutcome[]) {
  expect(outcomes.length).toBe(1 + 2 * vectors.valid.length + vectors.invalid.length);
  expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
}

describe("envelope vectors", () => {
  test("name every fault there is", () => {
    expect(new Set(vectors.invalid.map(({ fault }) => fault))).toEqual(
      new Set([
        "bad_binding",
        "bad_bytes",
        "bad_header",
        "not_an_envelope",
        "not_authentic",
        "unknown_key",
      ]),
    );
  });

  test("[S-RUNTIMES] pass in Node", async () => {
    expectAllToPass(await runEnvelopeVectors(vectors));
  });

  test("[S-RUNTIMES] pass in an edge runtime", async () => {
    const bundle = await build({
      stdin: {
        contents: `export { runEnvelopeVectors } from "./envelope.js";`,
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
      `holdpointVectors.runEnvelopeVectors(JSON.parse(${JSON.stringify(JSON.stringify(vectors))}))`,
    );
    expectAllToPass(JSON.parse(JSON.stringify(outcomes)) as VectorOutcome[]);
  });
});
