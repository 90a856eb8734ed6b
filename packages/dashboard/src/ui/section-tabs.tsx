import { Link, type LinkProps } from "@tanstack/react-router";

export interface SectionTab {
  readonly to: NonNullable<LinkProps["to"]>;
  readonly name: string;
  /** Only this very page is it, not those below. */
  readonly exact?: boolean;
}

/** The pages of one section, beside its name. */
export function SectionTabs({
  name,
  tabs,
  className = "",
}: {
  name: string;
  tabs: readonly SectionTab[];
  className?: string;
}) {
  return (
    <nav aria-label={name} className={className}>
      <ul className="-ml-2 flex gap-1">
        {tabs.map((tab) => (
          <li key={tab.to}>
            <Link
              to={tab.to}
              activeOptions={{ exact: tab.exact ?? false, includeSearch: false }}
              className="flex min-h-8 items-center rounded px-2 text-soft hover:bg-well data-[status=active]:bg-accent-wash data-[status=active]:font-semibold data-[status=active]:text-accent-strong pointer-coarse:min-h-11"
            >
              {tab.name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
