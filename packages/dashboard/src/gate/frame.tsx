import { Outlet } from "@tanstack/react-router";
import { FreezeButton } from "../authority/freeze-button.js";
import { SectionTabs } from "../ui/section-tabs.js";

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
        <SectionTabs name="Gate" tabs={TABS} className="max-sm:order-last max-sm:w-full" />
        <span className="ml-auto">
          <FreezeButton />
        </span>
      </header>
      <Outlet />
    </div>
  );
}
