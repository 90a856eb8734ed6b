import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FrozenBanner } from "../authority/frozen-banner.js";
import { ConnectionState } from "../live/connection-state.js";
import { AccountMenu } from "./account-menu.js";
import { EncryptionButton } from "./encryption-button.js";
import { PlacesBar, PlacesRail } from "./places.js";
import { ProjectSwitcher } from "./project-switcher.js";

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
          <PlacesRail />
        </nav>
        <div className="ml-auto flex items-center gap-1 sm:mt-auto sm:ml-0 sm:flex-col sm:items-stretch">
          <ConnectionState />
          <EncryptionButton />
          <AccountMenu />
        </div>
      </header>
      <div className="flex min-w-0 flex-1 flex-col">
        <FrozenBanner />
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 flex-1 outline-none max-sm:pb-20 sm:min-h-0 sm:overflow-y-auto"
        >
          {children}
        </main>
      </div>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] sm:hidden"
      >
        <PlacesBar />
      </nav>
    </div>
  );
}
