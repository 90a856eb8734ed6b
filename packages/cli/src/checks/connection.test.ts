import { expect, it } from "vitest";
import { checkClock } from "./connection.js";
import { checkNode } from "./machine.js";

const asked = Date.parse("2026-11-22T12:00:00.900Z");
const answered = asked + 200;

it.each([
  ["Sun, 22 Nov 2026 12:00:00 GMT", "passed"],
  ["Sun, 22 Nov 2026 12:00:05 GMT", "passed"],
  ["Sun, 22 Nov 2026 11:59:55 GMT", "passed"],
  ["Sun, 22 Nov 2026 12:00:30 GMT", "failed"],
  ["Sun, 22 Nov 2026 11:59:00 GMT", "failed"],
  [null, "skipped"],
])("a control plane's clock at %s has %s", (date, result) => {
  expect(checkClock(date, asked, answered).result).toBe(result);
});

it.each([
  ["18.20.8", "failed"],
  ["20.18.3", "failed"],
  ["20.19.0", "passed"],
  ["24.0.1", "passed"],
])("Node.js %s has %s", (version, result) => {
  expect(checkNode(version).result).toBe(result);
});
