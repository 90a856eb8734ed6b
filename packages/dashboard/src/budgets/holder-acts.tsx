import { Ellipsis, OctagonX, Play } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Button, IconButton } from "../ui/button.js";

const ITEM =
  "flex min-h-11 cursor-pointer items-center gap-2 rounded-sm px-3 outline-none select-none data-highlighted:bg-well";

export interface HolderActsProps {
  readonly name: string;
  readonly stopped: boolean;
  /** Absent: this person may not, or there is a budget to change. */
  readonly onSet?: () => void;
  /** Absent: this person may not. */
  readonly onSwitch?: () => void;
}

/** What can be done: buttons at the desk; on the phone behind a menu, away from the scrolling thumb. */
export function HolderActs({ name, stopped, onSet, onSwitch }: HolderActsProps) {
  if (onSet === undefined && onSwitch === undefined) return null;
  const Icon = stopped ? Play : OctagonX;
  const word = stopped ? "Let it go on…" : "Stop…";
  return (
    <>
      <span className="ml-auto hidden items-center gap-1 @4xl:flex">
        {onSet && (
          <Button look="quiet" onClick={onSet}>
            Set budget…
          </Button>
        )}
        {onSwitch && (
          <Button
            look="quiet"
            aria-label={stopped ? `Let it go on: spending of ${name}` : `Stop spending of ${name}`}
            onClick={onSwitch}
          >
            <Icon size={14} aria-hidden />
            {word}
          </Button>
        )}
      </span>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <IconButton label={`More for ${name}`} className="ml-auto @4xl:hidden">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={4}
            collisionPadding={8}
            className="z-50 min-w-52 rounded-md border border-line bg-panel p-1 shadow-lg"
          >
            {onSet && (
              <DropdownMenu.Item className={ITEM} onSelect={onSet}>
                Set budget…
              </DropdownMenu.Item>
            )}
            {onSwitch && (
              <DropdownMenu.Item className={ITEM} onSelect={onSwitch}>
                <Icon size={14} aria-hidden />
                {stopped ? "Let spending go on…" : "Stop spending…"}
              </DropdownMenu.Item>
            )}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </>
  );
}
