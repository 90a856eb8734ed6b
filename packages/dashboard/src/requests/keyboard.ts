/** What a key does in the inbox. */
export type InboxCommand =
  | "next"
  | "previous"
  | "open"
  | "approve"
  | "reject"
  | "edit"
  | "select"
  | "search"
  | "clear"
  | "help";

const INBOX_KEYS: Readonly<Record<string, InboxCommand>> = {
  j: "next",
  k: "previous",
  o: "open",
  a: "approve",
  r: "reject",
  e: "edit",
  x: "select",
  "/": "search",
  "?": "help",
  Escape: "clear",
};

/** What a key does on a request's page. */
export type PageCommand = "approve" | "reject" | "edit" | "back" | "help";

const PAGE_KEYS: Readonly<Record<string, PageCommand>> = {
  a: "approve",
  r: "reject",
  e: "edit",
  u: "back",
  "?": "help",
};

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
  readonly defaultPrevented: boolean;
  readonly target: EventTarget | null;
}

export function inboxCommand(press: KeyPress): InboxCommand | undefined {
  const command = lookUp(INBOX_KEYS, press);
  // Holding a key walks the list; it never decides twice.
  return press.repeat && command !== "next" && command !== "previous" ? undefined : command;
}

export function pageCommand(press: KeyPress): PageCommand | undefined {
  return press.repeat ? undefined : lookUp(PAGE_KEYS, press);
}

function lookUp<Command>(
  keys: Readonly<Record<string, Command>>,
  { key, ctrlKey, metaKey, altKey, defaultPrevented, target }: KeyPress,
): Command | undefined {
  if (ctrlKey || metaKey || altKey || defaultPrevented || isTyping(target)) return undefined;
  return Object.hasOwn(keys, key) ? keys[key] : undefined;
}

/** Keys belong to whoever is typing, and to an open dialog. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field =
    'input:not([type="checkbox"]), textarea, select, [contenteditable="true"], dialog, [role="dialog"], [role="menu"]';
  return target.closest(field) !== null;
}

/** The help overlay's rows. */
export const KEYBOARD_HELP: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: "j / k", does: "Next or previous request" },
  { keys: "Enter or o", does: "Open the request" },
  { keys: "a", does: "Approve: shows what will run, Enter confirms" },
  { keys: "r", does: "Reject: asks for a reason" },
  { keys: "e", does: "Edit before approving" },
  { keys: "x", does: "Select for a batch; then a or r" },
  { keys: "/", does: "Search" },
  { keys: "u", does: "From a request back to the inbox" },
  { keys: "Esc", does: "Clear the selection, close a dialog" },
  { keys: "?", does: "This help" },
];
