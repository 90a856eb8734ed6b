import { expect, it } from "vitest";
import { choiceOf, isRoleName, rolesOf } from "./roles.js";

it("takes roles apart and puts them together again", () => {
  const choice = choiceOf(["admin", "finance", "legal"]);
  expect(choice).toEqual({ builtIn: ["admin"], free: "finance, legal" });
  expect(rolesOf(choice)).toEqual(["admin", "finance", "legal"]);
});

it("names each role once", () => {
  expect(rolesOf({ builtIn: ["admin"], free: "finance,  finance admin" })).toEqual([
    "admin",
    "finance",
  ]);
});

it.each(["Finance", "4eyes", "a b", "x".repeat(65)])("refuses the role name %s", (role) => {
  expect(isRoleName(role)).toBe(false);
});
