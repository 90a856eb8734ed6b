import type { ReactNode } from "react";

/** A short fact in a line of facts. `strong` for what a decision may hinge on. */
export function Chip({
  children,
  strong = false,
  title,
}: {
  children: ReactNode;
  strong?: boolean;
  title?: string;
}) {
  return (
    <span
      title={title}
      className={`inline-flex max-w-full items-center gap-1 truncate rounded-sm border px-1.5 text-xs leading-4 whitespace-nowrap ${strong ? "border-accent bg-accent-wash font-semibold text-accent-strong" : "border-line text-soft"}`}
    >
      {children}
    </span>
  );
}
