import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runAtEdge } from "./edge.js";
import type { VectorOutcome } from "./envelope.js";
import { runStateVectors, type StateVectors } from "./state.js";

const text = readFileSync(new URL("../../vectors/state.json", import.meta.url), "utf8");
const vectors = JSON.parse(text) as StateVectors;

function expectAllToPass(outcomes: readonly VectorOutcome[]) {
  expect(outcomes.length).toBe(2 * vectors.valid.length + vectors.invalid.length);
  expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
}

describe("state vectors", () => {
  test("name every fault there is, and lengths around a segment's", () => {
    expect(new Set(vectors.invalid.map(({ fault }) => fault))).toEqual(
      new Set([
        "not_a_state",
        "not_authentic",
        "trailing_bytes",
        "truncated",
        "unknown_version",
        "wrong_key",
        "wrong_place",
      ]),
    );
    const large = vectors.valid.filter(({ segment_bytes }) => segment_bytes === 1_048_576);
    expect(large.map(({ plaintext_bytes }) => plaintext_bytes)).toEqual([
      0, 1, 1_048_575, 1_048_576, 1_048_577,
    ]);
  });

  test("[S-RUNTIMES] pass in Node", async () => {
    expectAllToPass(await runStateVectors(vectors));
  });

  test("[S-RUNTIMES] pass in an edge runtime", async () => {
    expectAllToPass(await runAtEdge("./state.js", "runStateVectors", text));
  });
});
