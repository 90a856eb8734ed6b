import type { ReactNode } from "react";

/** A settings page: what it is for, its one act, its list. */
export function Page({
  title,
  about,
  action,
  children,
}: {
  title: string;
  about: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto w-full max-w-5xl px-3 py-4 sm:px-6 sm:py-6">
      <header className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <div className="max-w-xl">
          <h1 className="text-xl font-semibold">{title}</h1>
          <p className="mt-0.5 text-soft">{about}</p>
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** Rows of facts: a table at the desk, cards on the phone. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-md border border-line bg-panel">
      {children}
    </ul>
  );
}
