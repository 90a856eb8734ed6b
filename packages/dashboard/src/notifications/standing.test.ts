import { expect, it } from "vitest";
import { type BrowserFacts, standingOf } from "./standing.js";

const able: BrowserFacts = {
  isSecure: true,
  isSupported: true,
  permission: "granted",
  isWanted: true,
};

it.each([
  ["on", {}],
  ["off", { isWanted: false }],
  ["off", { permission: "default" }],
  ["blocked", { permission: "denied" }],
  ["blocked", { permission: "denied", isWanted: false }],
  ["unsupported", { isSupported: false, permission: "denied" }],
  ["insecure", { isSecure: false, isSupported: false }],
] as const)("is %s with %o", (standing, facts) => {
  expect(standingOf({ ...able, ...facts })).toBe(standing);
});
