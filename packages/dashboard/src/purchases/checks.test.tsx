// @vitest-environment happy-dom
import type { SpendCheck } from "@holdpoint/protocol/spend";
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Checks } from "./checks.js";

afterEach(cleanup);

const check = (rule: string, result: string) =>
  ({ rule, result, scope: "project", detail: `${rule} says ${result}` }) as SpendCheck;

const textsOf = (name: string) =>
  within(screen.getByRole("list", { name }))
    .getAllByRole("listitem")
    .map(({ textContent }) => textContent);

it("puts what needs a look first, and keeps the order of all", () => {
  const checks = [check("currency", "pass"), check("payee", "fail"), check("budget", "ask")];
  render(<Checks check={{ passed: false, checks }} />);
  expect(textsOf("What needs a look")).toEqual([
    expect.stringContaining("payee says fail"),
    expect.stringContaining("budget says ask"),
  ]);
  expect(textsOf("All checks")).toHaveLength(3);
  expect(screen.getByText(/1 of 3 passed/)).toBeDefined();
});

it("takes a result and a rule it does not know for one that failed", () => {
  render(<Checks check={{ passed: true, checks: [check("new_rule", "maybe")] }} />);
  const [text] = textsOf("What needs a look");
  expect(text).toContain("new_rule");
  expect(text).toContain("failed");
});
