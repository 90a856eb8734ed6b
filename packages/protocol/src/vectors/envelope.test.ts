import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runAtEdge } from "./edge.js";
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
    expectAllToPass(
      await runAtEdge("./envelope.js", "runEnvelopeVectors", JSON.stringify(vectors)),
    );
  });
});
