import { describe, expect, it } from "vitest";
import { memberAt, withMember } from "./draft.js";

const policy = Object.freeze({
  currency: "EUR",
  auto_approve: Object.freeze({ enabled: true, max_amount: "50.00" }),
  schedule: { overrides: [{ days: ["sat"], deny: true }, { days: ["sun"] }] },
} as const);

describe("withMember", () => {
  it("sets members in depth and leaves what it was given", () => {
    const next = withMember(policy, ["auto_approve", "max_amount"], "80.00");
    expect(next.auto_approve).toEqual({ enabled: true, max_amount: "80.00" });
    expect(policy.auto_approve.max_amount).toBe("50.00");
    const deep = withMember({ currency: "EUR" }, ["schedule", "default", "allow"], ["09:00-17:00"]);
    expect(deep).toEqual({
      currency: "EUR",
      schedule: { default: { allow: ["09:00-17:00"] } },
    });
  });

  it("takes a group away with its last member", () => {
    const x402 = withMember({ currency: "EUR" }, ["x402", "max_per_request"], "1");
    expect(withMember(x402, ["x402", "max_per_request"], undefined)).toEqual({ currency: "EUR" });
  });

  it("changes and removes items of lists", () => {
    const path = ["schedule", "overrides", 1];
    expect(withMember(policy, [...path, "deny"], true).schedule?.overrides?.[1]).toEqual({
      days: ["sun"],
      deny: true,
    });
    expect(withMember(policy, path, undefined).schedule?.overrides).toHaveLength(1);
  });
});

it("memberAt finds own members only", () => {
  expect(memberAt(policy, ["auto_approve", "enabled"])).toBe(true);
  expect(memberAt(policy, ["x402", "max_per_request"])).toBeUndefined();
  expect(memberAt(policy, ["constructor"])).toBeUndefined();
});
