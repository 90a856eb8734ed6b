import { expect, it } from "vitest";
import { isScopeChoice, scopeChoiceOf, scopesOf } from "./scopes.js";

it("reads single actions as typed, each once", () => {
  const choice = {
    fixed: ["requests:read"],
    actions: "github-issue,slack-message github-issue",
  } as const;
  expect(scopesOf(choice)).toEqual([
    "requests:read",
    "actions:github-issue",
    "actions:slack-message",
  ]);
  expect(scopesOf(scopeChoiceOf(scopesOf(choice)))).toEqual(scopesOf(choice));
});

it("takes neither nothing nor what is no id", () => {
  expect(isScopeChoice({ fixed: [], actions: " " })).toBe(false);
  expect(isScopeChoice({ fixed: ["gate"], actions: "Not An Id" })).toBe(false);
  expect(isScopeChoice({ fixed: [], actions: "http-get" })).toBe(true);
});
