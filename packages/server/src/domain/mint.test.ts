import { randomBytes } from "node:crypto";
import { isId } from "@holdpoint/protocol";
import { expect, it } from "vitest";
import { randomMint, seededMint } from "./mint.js";

const NOW = Date.parse("2026-11-22T09:30:00.000Z");
const seed = randomBytes(32);

it("gives the same of the same seed and time", () => {
  const [first, again] = [seededMint(seed, NOW), seededMint(seed, NOW)];
  expect(again.id("key")).toBe(first.id("key"));
  expect(again.secret("token")).toEqual(first.secret("token"));
});

it("gives something else of any other seed, prefix or purpose", () => {
  const [mint, other] = [seededMint(seed, NOW), seededMint(randomBytes(32), NOW)];
  const suffixes = [mint.id("key"), mint.id("agt"), other.id("key")].map((id) => id.slice(4));
  expect(new Set(suffixes).size).toBe(3);
  const secrets = [
    mint.secret("a"),
    mint.secret("b"),
    other.secret("a"),
    randomMint(NOW).secret("a"),
  ];
  expect(new Set(secrets.map((secret) => Buffer.from(secret).toString("hex"))).size).toBe(4);
  for (const secret of secrets) expect(secret).toHaveLength(32);
});

it("makes ids that are well formed and sort by time", () => {
  const [early, late] = [seededMint(seed, NOW), seededMint(seed, NOW + 1)];
  expect(isId("apiKey", early.id("key"))).toBe(true);
  expect(early.id("key") < late.id("key")).toBe(true);
});
