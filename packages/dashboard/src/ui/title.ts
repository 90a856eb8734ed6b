import { useEffect } from "react";

/** Names the page in the tab: `(3) Inbox · Holdpoint`. */
export function useTitle(name: string, count = 0): void {
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ""}${name} · Holdpoint`;
  }, [name, count]);
}
