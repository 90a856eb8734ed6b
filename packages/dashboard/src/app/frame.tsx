import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History, Inbox, KeyRound, type LucideIcon, Users, Wallet, Webhook } from "lucide-react";
import type { ReactNode } from "react";
import { ConnectionState } from "../live/connection-state.js";
import { requestsQuery } from "../requests/queries.js";
import { useSession } from "../session/session.js";
import { AccountMenu } from "./account-menu.js";
import { EncryptionButton } from "./encryption-button.js";
import { ProjectSwitcher } from "./project-switcher.js";

const PLACES: readonly {
  readonly to: "/" | "/history" | "/spend" | "/keys" | "/webhooks" | "/operators";
  readonly name: string;
  readonly icon: LucideIcon;
}[] = [
  { to: "/", name: "Inbox", icon: Inbox },
  { to: "/history", name: "History", icon: History },
  { to: "/spend", name: "Spend", icon: Wallet },
  { to: "/keys", name: "API keys", icon: KeyRound },
  { to: "/webhooks", name: "Webhooks", icon: Webhook },
  { to: "/operators", name: "Operators", icon: Users },
];

/** The page around every page: at the desk a rail on the left, on the phone a bar at the bottom. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col sm:h-dvh sm:flex-row">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-panel focus:p-2"
      >
        Skip to the content
      </a>
      <header className="flex items-center gap-2 border-b border-line px-3 py-2 sm:w-52 sm:shrink-0 sm:flex-col sm:items-stretch sm:gap-4 sm:border-r sm:border-b-0 sm:px-3 sm:py-4">
        <Link to="/" className="flex items-center gap-2 px-1 font-semibold sm:px-2">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          Holdpoint
        </Link>
        <ProjectSwitcher />
        <nav aria-label="Main" className="hidden sm:block">
          <Places look="rail" />
        </nav>
        <div className="ml-auto flex items-center gap-1 sm:mt-auto sm:ml-0 sm:flex-col sm:items-stretch">
          <ConnectionState />
          <EncryptionButton />
          <AccountMenu />
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="min-w-0 flex-1 outline-none max-sm:pb-20 sm:overflow-y-auto"
      >
        {children}
      </main>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] sm:hidden"
      >
        <Places look="bar" />
      </nav>
    </div>
  );
}

function Places({ look }: { look: "rail" | "bar" }) {
  const { project } = useSession();
  const waiting = useInfiniteQuery(requestsQuery(project.id, "triage", { status: "PENDING" }));
  const count = waiting.data?.pages.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
  const more = waiting.hasNextPage ? "+" : "";
  const bar = look === "bar";
  return (
    <ul className={bar ? "flex" : "space-y-0.5"}>
      {PLACES.map(({ to, name, icon: Icon }) => (
        <li key={to} className={bar ? "flex-1" : ""}>
          <Link
            to={to}
            activeOptions={{ exact: to === "/", includeSearch: false }}
            className={`rounded text-soft hover:bg-well data-[status=active]:font-semibold data-[status=active]:text-ink ${
              bar
                ? "flex min-h-14 flex-col items-center justify-center gap-0.5 text-[0.6875rem] data-[status=active]:text-accent"
                : "flex min-h-8 items-center gap-2.5 px-2 data-[status=active]:bg-well"
            }`}
          >
            <Icon size={bar ? 20 : 16} aria-hidden />
            <span>{name}</span>
            {to === "/" && count > 0 && (
              <span
                className={
                  bar
                    ? "absolute ml-9 -mt-6 rounded-full bg-accent px-1.5 text-on-accent"
                    : "ml-auto font-semibold"
                }
              >
                {count}
                {more}
                <span className="sr-only"> waiting</span>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
