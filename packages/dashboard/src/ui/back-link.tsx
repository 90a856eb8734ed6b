import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";

export interface BackLinkProps {
  readonly to: "/" | "/actions" | "/shield";
  /** For example `Back to the inbox`. */
  readonly label: string;
  /** The key that goes the same way. */
  readonly shortcut?: string;
}

/** The arrow before the heading of a page that is below another. */
export function BackLink({ to, label, shortcut }: BackLinkProps) {
  return (
    <Link
      to={to}
      aria-label={label}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      className="-ml-1 flex min-h-8 min-w-8 items-center justify-center rounded text-soft hover:bg-well pointer-coarse:min-h-11 pointer-coarse:min-w-11"
    >
      <ArrowLeft size={18} aria-hidden />
    </Link>
  );
}
