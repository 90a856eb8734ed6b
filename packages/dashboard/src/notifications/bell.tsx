import { Bell, BellOff, BellRing, type LucideIcon } from "lucide-react";
import { Popover } from "radix-ui";
import { IconButton } from "../ui/button.js";
import { Notice } from "../ui/notice.js";
import { Switch } from "../ui/switch.js";
import { type Standing, turnOff, turnOn, useStanding } from "./standing.js";

const ICONS: Readonly<Record<Standing, LucideIcon>> = {
  on: BellRing,
  off: Bell,
  blocked: BellOff,
  insecure: BellOff,
  unsupported: BellOff,
};

/** Turns notifications on and off, and says why where that cannot be. */
export function NotificationBell() {
  const standing = useStanding();
  const Icon = ICONS[standing];
  const isOn = standing === "on";
  const obstacle = obstacleOf(standing);
  const state = obstacle ? "not possible here" : standing;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton label={`Notifications: ${state}`}>
          <Icon size={16} aria-hidden className={isOn ? "text-accent" : ""} />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Notifications"
          className="z-50 w-80 max-w-[calc(100vw-1rem)] space-y-2 rounded-md border border-line bg-panel p-3 shadow-lg"
        >
          <Switch
            checked={isOn}
            disabled={obstacle !== undefined}
            onChange={(on) => void (on ? turnOn() : turnOff())}
          >
            <span className="font-semibold">Notifications in this browser</span>
          </Switch>
          {obstacle && <Notice title={obstacle.title}>{obstacle.advice}</Notice>}
          <p className="text-sm text-soft">
            When something comes for you to decide while you are elsewhere: one for each group of
            alike requests, which counts them. It names agent, service and action, and holds nothing
            of a payload.
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function obstacleOf(standing: Standing): { title: string; advice: string } | undefined {
  if (standing === "blocked") {
    return {
      title: "This browser has blocked them",
      advice: `Allow notifications for ${location.host} in its settings for this site, most often behind the sign left of the address. Then turn them on here.`,
    };
  }
  if (standing === "insecure") {
    return {
      title: "Browsers allow them over https alone",
      advice: "Open Holdpoint by an address that begins with https.",
    };
  }
  if (standing === "unsupported") {
    return {
      title: "This browser shows none for pages",
      advice: "Open Holdpoint in a browser at a desk, such as Chrome, Edge, Firefox or Safari.",
    };
  }
  return undefined;
}
