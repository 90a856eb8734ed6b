import { describe, expect, it, vi } from "vitest";
import { planApproval } from "./draft.js";

const original = { amount: 500, currency: "EUR" };
const valid = () => [];

describe("planApproval", () => {
  it("approves as sent without a draft", () => {
    expect(planApproval(original, undefined, valid)).toEqual({
      kind: "as-sent",
      label: "Approve as sent",
    });
  });

  it("approves as sent when the edits cancel each other out", () => {
    const draft = { value: { currency: "EUR", amount: 500 } };
    expect(planApproval(original, draft, valid).kind).toBe("as-sent");
  });

  it("counts the changes in the label", () => {
    const one = planApproval(original, { value: { ...original, amount: 50 } }, valid);
    expect(one).toMatchObject({ kind: "edited", label: "Approve with 1 change" });
    const two = planApproval(original, { value: { amount: 50 } }, valid);
    expect(two).toMatchObject({ label: "Approve with 2 changes", patch: { amount: 50 } });
  });

  it("blocks what is not JSON", () => {
    expect(planApproval(original, { text: "{" }, valid).kind).toBe("blocked");
  });

  it.each([[{}], [[]], [""], [null]])("blocks an emptied payload: %j", (value) => {
    expect(planApproval(original, { value }, valid)).toMatchObject({ kind: "blocked" });
  });

  it("blocks what the schema refuses, and says where", () => {
    const issues = [{ path: "/amount", message: "Too much." }];
    const plan = planApproval(original, { value: { ...original, amount: 9e9 } }, () => issues);
    expect(plan).toMatchObject({
      kind: "blocked",
      issues,
      diff: { changes: [{ path: "/amount" }] },
    });
  });

  it("does not judge what the agent sent itself", () => {
    const validate = vi.fn(valid);
    planApproval(original, undefined, validate);
    expect(validate).not.toHaveBeenCalled();
  });
});
