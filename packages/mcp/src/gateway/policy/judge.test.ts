import { expect, test } from "vitest";
import { judgeTool } from "./judge.js";

const VERDICTS = {
  "*": "deny",
  "read_*": "observe",
  "read_secret_*": "ask",
  read_secret_public: "allow",
  "*_file": "allow",
} as const;

test.each([
  ["read_secret_public", "allow", "the exact name first"],
  ["read_secret_key", "ask", "then the longest pattern"],
  ["read_note", "observe", "also a shorter one, when it is the longest that matches"],
  ["write_file", "allow", "wherever its * stands"],
  ["read_file", "observe", "the stricter of two that are equally long"],
  ["write_note", "deny", "* for the rest"],
])("%s: %s (%s)", (tool, verdict) => {
  expect(judgeTool(tool, VERDICTS)).toBe(verdict);
});

test("[G4] asks about what no pattern matches, and where there is none", () => {
  expect(judgeTool("write", { "read_*": "allow" })).toBe("ask");
  expect(judgeTool("write", {})).toBe("ask");
  expect(judgeTool("write")).toBe("ask");
});

test.each([
  ["a*b*c", "abc", true],
  ["a*b*c", "a__b__c", true],
  ["a*b*c", "acb", false],
  ["a*a", "a", false],
  ["*", "", true],
  ["**", "anything", true],
  ["read_.", "read_x", false],
  ["READ_*", "read_x", false],
  ["read_", "read_x", false],
])("the pattern %s and the tool %s: %s", (pattern, tool, isMatch) => {
  expect(judgeTool(tool, { [pattern]: "deny" })).toBe(isMatch ? "deny" : "ask");
});

test("[G4] names that objects inherit are names like others", () => {
  expect(judgeTool("constructor", { "*": "deny" })).toBe("deny");
  expect(judgeTool("toString")).toBe("ask");
});

test("a hostile name takes no long", () => {
  expect(judgeTool("a".repeat(200), { [`${"*a".repeat(90)}b`]: "allow" })).toBe("ask");
});
