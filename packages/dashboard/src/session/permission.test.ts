import { expect, it } from "vitest";
import { canDecide } from "./permission.js";

it.each([
  [["viewer"], undefined, false],
  [["approver"], undefined, true],
  [["approver"], "finance", false],
  [["finance"], "finance", true],
  [["finance"], undefined, false],
  [["admin"], "finance", true],
  [[], undefined, false],
] as const)("%j decides a request for %j: %s", (roles, requestRole, allowed) => {
  expect(canDecide(roles, requestRole)).toBe(allowed);
});
