import { Link, useRouterState } from "@tanstack/react-router";
import {
  Ellipsis,
  History,
  Inbox,
  KeyRound,
  type LucideIcon,
  Radar,
  ShieldCheck,
  Users,
  Wallet,
  Webhook,
} from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useWaitingCount } from "../requests/use-waiting-count.js";
import { useSession } from "../session/session.js";

interface Place {
  readonly to:
    | "/"
    | "/history"
    | "/spend"
    | "/actions"
    | "/shield"
    | "/keys"
    | "/webhooks"
    | "/operators";
  readonly name: string;
  readonly icon: LucideIcon;
  /** Where the pages of it begin, beside `to`. */
  readonly also?: readonly string[];
}

/** Where people work. */
const WORK: readonly Place[] = [
  { to: "/", name: "Inbox", icon: Inbox, also: ["/requests"] },
  { to: "/history", name: "History", icon: History },
  { to: "/spend", name: "Spend", icon: Wallet },
  {
    to: "/actions",
    name: "Gate",
    icon: ShieldCheck,
    also: ["/leases", "/agents", "/policies"],
  },
  { to: "/shield", name: "Shield", icon: Radar },
];

/** What is set up once; on the phone behind one button. */
const SETTINGS: readonly Place[] = [
  { to: "/keys", name: "API keys", icon: KeyRound },
  { to: "/webhooks", name: "Webhooks", icon: Webhook },
  { to: "/operators", name: "Operators", icon: Users },
];

/** At the desk: every place, one under the other. */
export function PlacesRail() {
  return (
    <ul className="space-y-0.5">
      {[...WORK, ...SETTINGS].map((place) => (
        <li key={place.to}>
          <PlaceLink
            place={place}
            className="flex min-h-8 items-center gap-2.5 rounded px-2 text-soft hover:bg-well data-[here]:bg-well data-[here]:font-semibold data-[here]:text-ink"
            iconSize={16}
            countClass="ml-auto font-semibold"
          />
        </li>
      ))}
    </ul>
  );
}

const BAR_ITEM =
  "flex min-h-14 w-full flex-col items-center justify-center gap-0.5 rounded text-[0.6875rem] text-soft hover:bg-well data-[here]:font-semibold data-[here]:text-accent";

/** On the phone: where people work, and the rest behind one button. */
export function PlacesBar() {
  const here = useHere();
  return (
    <ul className="flex">
      {WORK.map((place) => (
        <li key={place.to} className="flex-1">
          <PlaceLink
            place={place}
            className={BAR_ITEM}
            iconSize={20}
            countClass="absolute ml-9 -mt-6 rounded-full bg-accent px-1.5 text-on-accent"
          />
        </li>
      ))}
      <li className="flex-1">
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger
            className={BAR_ITEM}
            data-here={SETTINGS.some(here) ? "" : undefined}
          >
            <Ellipsis size={20} aria-hidden />
            More
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content
              align="end"
              sideOffset={4}
              collisionPadding={8}
              className="z-50 min-w-48 rounded-md border border-line bg-panel p-1 shadow-lg"
            >
              {SETTINGS.map(({ to, name, icon: Icon }) => (
                <DropdownMenu.Item key={to} asChild>
                  <Link
                    to={to}
                    className="flex min-h-11 items-center gap-2.5 rounded-sm px-3 outline-none data-highlighted:bg-well"
                  >
                    <Icon size={16} aria-hidden />
                    {name}
                  </Link>
                </DropdownMenu.Item>
              ))}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </li>
    </ul>
  );
}

function PlaceLink({
  place,
  className,
  iconSize,
  countClass,
}: {
  place: Place;
  className: string;
  iconSize: number;
  countClass: string;
}) {
  const here = useHere();
  const { to, name, icon: Icon } = place;
  return (
    <Link to={to} className={className} data-here={here(place) ? "" : undefined}>
      <Icon size={iconSize} aria-hidden />
      <span>{name}</span>
      {to === "/" && <WaitingCount className={countClass} />}
    </Link>
  );
}

function WaitingCount({ className }: { className: string }) {
  const { project } = useSession();
  const count = useWaitingCount(project.id);
  if (count === "") return null;
  return (
    <span className={className}>
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}

/** Tells whether the page in view belongs to a place. */
function useHere(): (place: Place) => boolean {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return ({ to, also = [] }) =>
    path === to || [to, ...also].some((start) => start !== "/" && isBelow(path, start));
}

function isBelow(path: string, start: string): boolean {
  return path === start || path.startsWith(`${start}/`);
}
