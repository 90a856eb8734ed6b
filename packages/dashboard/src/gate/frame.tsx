import { Link, Outlet } from "@tanstack/react-router";
import { FreezeButton } from "../authority/freeze-button.js";

const TABS = [
  { to: "/actions", name: "Actions" },
  { to: "/leases", name: "Leases" },
  { to: "/agents", name: "Agents" },
  { to: "/policies", name: "Policy" },
] as const;

/** The pages about what agents can do: their tabs, and the button that stops all of it. */
export function GateFrame() {
  return (
    <div className="mx-auto w-full max-w-6xl px-3 py-4 sm:px-6 sm:py-6">
      <header className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="text-xl font-semibold">Gate</h1>
        <nav aria-label="Gate" className="max-sm:order-last max-sm:w-full">
          <ul className="-ml-2 flex gap-1">
            {TABS.map(({ to, name }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ includeSearch: false }}
                  className="flex min-h-8 items-center rounded px-2 text-soft hover:bg-well data-[status=active]:bg-accent-wash data-[status=active]:font-semibold data-[status=active]:text-accent-strong pointer-coarse:min-h-11"
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <span className="ml-auto">
          <FreezeButton />
        </span>
      </header>
      <Outlet />
    </div>
  );
}
