import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { expect, it } from "vitest";
import { reviewDraft } from "./review.js";

it("tells what a good policy means", () => {
  const { issues, summary } = reviewDraft({ currency: "EUR", daily_limit: "500.00" });
  expect(issues).toEqual([]);
  expect(summary.join(" ")).toContain("500.00 EUR a day");
});

it.each<[string, Partial<SpendPolicy>, string]>([
  ["an amount that is none", { daily_limit: "5,00" }, "/daily_limit"],
  ["too many decimals", { daily_limit: "5.001" }, "/daily_limit"],
  [
    "a window that is none",
    { schedule: { default: { allow: ["9-17"] } } },
    "/schedule/default/allow",
  ],
  ["a time zone that does not exist", { timezone: "Mars/Olympus" }, "/timezone"],
  [
    "an override without days",
    { schedule: { overrides: [{ days: [] }] } },
    "/schedule/overrides/0/days",
  ],
])("names the place of %s, and says nothing of its meaning", (_, member, path) => {
  const { issues, summary } = reviewDraft({ currency: "EUR", ...member });
  expect(issues.map((issue) => issue.path).join()).toContain(path);
  expect(summary).toEqual([]);
});

it("warns of limits that contradict each other", () => {
  const review = reviewDraft({ currency: "EUR", daily_limit: "500", weekly_limit: "100" });
  expect(review.issues).toEqual([]);
  expect(review.warnings).not.toEqual([]);
});
