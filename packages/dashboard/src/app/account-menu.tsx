import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleUser } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useKeyRing } from "../encryption/key-ring-context.js";
import { identityQuery, signOut } from "../session/queries.js";
import { useSession } from "../session/session.js";
import { THEMES, type Theme, useTheme } from "../ui/theme.js";

const ITEM =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none select-none data-highlighted:bg-well pointer-coarse:min-h-11";

const THEME_NAMES: Readonly<Record<Theme, string>> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
};

/** Who is signed in, the theme, own tokens, and the way out. */
export function AccountMenu() {
  const { operator, roles } = useSession();
  const { forgetAll } = useKeyRing();
  const [theme, setTheme] = useTheme();
  const client = useQueryClient();
  const navigate = useNavigate();

  const leave = async () => {
    forgetAll();
    await signOut().catch(() => undefined);
    client.clear();
    client.setQueryData(identityQuery.queryKey, null);
    await navigate({ to: "/sign-in" });
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="flex min-h-8 min-w-8 items-center gap-2 rounded px-2 text-soft hover:bg-well hover:text-ink pointer-coarse:min-h-11 pointer-coarse:min-w-11">
        <CircleUser size={16} aria-hidden className="shrink-0" />
        <span className="sr-only">Account: </span>
        <span className="truncate max-sm:sr-only">{operator.name}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-52 rounded-md border border-line bg-panel p-1 shadow-lg"
        >
          <DropdownMenu.Label className="px-2 py-1.5">
            <span className="block font-semibold">{operator.name}</span>
            <span className="block text-sm text-soft">{operator.email}</span>
            <span className="block text-sm text-faint">{roles.join(", ")}</span>
          </DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Label className="eyebrow px-2 py-1">Theme</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme} onValueChange={(next) => setTheme(next as Theme)}>
            {THEMES.map((name) => (
              <DropdownMenu.RadioItem key={name} value={name} className={ITEM}>
                <span className="w-4">
                  <DropdownMenu.ItemIndicator>●</DropdownMenu.ItemIndicator>
                </span>
                {THEME_NAMES[name]}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={ITEM} onSelect={() => void navigate({ to: "/tokens" })}>
            Terminal tokens
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={() => void leave()}>
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
