const STORAGE_KEY = "holdpoint.returnTo";
/** A sign-in link lives a few minutes; a destination older than that belongs to another errand. */
const VALID_FOR_MS = 15 * 60_000;

/** True for a path inside this application, never for another origin such as `//host`. */
export function isInnerPath(value: unknown): value is string {
  if (typeof value !== "string" || !value.startsWith("/") || /^\/[/\\]/.test(value)) return false;
  return !value.startsWith("/sign-in") && !hasControlCharacter(value);
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 0x20);
}

/** Keeps where a signed-out person was going; the sign-in link may open in another tab. */
export function rememberReturnTo(path: string, storage: Storage, nowMs: number): void {
  if (!isInnerPath(path) || path === "/") return;
  storage.setItem(STORAGE_KEY, JSON.stringify({ path, at: nowMs }));
}

/** Takes the kept destination, once; `/` when there is none or it is too old. */
export function takeReturnTo(storage: Storage, nowMs: number): string {
  const text = storage.getItem(STORAGE_KEY);
  storage.removeItem(STORAGE_KEY);
  try {
    const { path, at } = JSON.parse(text ?? "{}") as { path?: unknown; at?: unknown };
    const fresh = typeof at === "number" && nowMs - at <= VALID_FOR_MS;
    return fresh && isInnerPath(path) ? path : "/";
  } catch {
    return "/";
  }
}
