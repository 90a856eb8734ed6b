import { Outlet } from "@tanstack/react-router";
import { StoppedNotice } from "../kill-switches/stopped-notice.js";
import { SectionTabs } from "../ui/section-tabs.js";

const TABS = [
  { to: "/spend", name: "Budgets", exact: true },
  { to: "/spend/purchases", name: "Purchases" },
  { to: "/spend/policies", name: "Policies" },
] as const;

/** The pages about money: their tabs, and the line that says when spending is stopped. */
export function SpendFrame() {
  return (
    <div className="mx-auto w-full max-w-6xl px-3 py-4 sm:px-6 sm:py-6">
      <header className="mb-4 flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <h1 className="text-xl font-semibold">Spend</h1>
        <SectionTabs name="Spend" tabs={TABS} />
      </header>
      <div className="space-y-3">
        <StoppedNotice />
        <Outlet />
      </div>
    </div>
  );
}
