import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runAtEdge } from "./edge.js";
import type { VectorOutcome } from "./envelope.js";
import { type ReceiptVectors, runReceiptVectors } from "./receipt.js";

const text = readFileSync(new URL("../../vectors/receipt.json", import.meta.url), "utf8");
const vectors = JSON.parse(text) as ReceiptVectors;

function expectAllToPass(outcomes: readonly VectorOutcome[]) {
  expect(outcomes.length).toBe(vectors.valid.length + vectors.invalid.length);
  expect(outcomes.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
}

describe("receipt vectors", () => {
  test("name every code that refuses one receipt", () => {
    expect(new Set(vectors.invalid.map(({ code }) => code))).toEqual(
      new Set([
        "CHECKPOINT_INVALID",
        "RECEIPT_DIGEST_WRONG",
        "RECEIPT_KEY_RETIRED",
        "RECEIPT_KEY_UNKNOWN",
        "RECEIPT_MALFORMED",
        "RECEIPT_NOT_INCLUDED",
        "RECEIPT_PROJECT_WRONG",
        "RECEIPT_SIGNATURE_INVALID",
      ]),
    );
  });

  test("[S-RUNTIMES] pass in Node", async () => {
    expectAllToPass(await runReceiptVectors(vectors));
  });

  test("[S-RUNTIMES] pass in an edge runtime", async () => {
    expectAllToPass(await runAtEdge("./receipt.js", "runReceiptVectors", text));
  });
});
