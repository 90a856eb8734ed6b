import { Link, Outlet } from "@tanstack/react-router";
import { StoppedNotice } from "../kill-switches/stopped-notice.js";

const TABS = [
  { to: "/spend", name: "Budgets" },
  { to: "/spend/purchases", name: "Purchases" },
  { to: "/spend/policies", name: "Policies" },
] as const;

/** The pages about money: their tabs, and the line that says when spending is stopped. */
export function SpendFrame() {
  return (
    <div className="mx-auto w-full max-w-6xl px-3 py-4 sm:px-6 sm:py-6">
      <header className="mb-4 flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <h1 className="text-xl font-semibold">Spend</h1>
        <nav aria-label="Spend">
          <ul className="-ml-2 flex gap-1">
            {TABS.map(({ to, name }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === "/spend", includeSearch: false }}
                  className="flex min-h-8 items-center rounded px-2 text-soft hover:bg-well data-[status=active]:bg-accent-wash data-[status=active]:font-semibold data-[status=active]:text-accent-strong pointer-coarse:min-h-11"
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <div className="space-y-3">
        <StoppedNotice />
        <Outlet />
      </div>
    </div>
  );
}
