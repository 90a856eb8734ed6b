import { createContext, use, useEffect } from "react";

/** How many wait, for the tab, such as `3` or `50+`; empty for none. */
export const TitleCountContext = createContext("");

/** Names the page in the tab: `(3) Inbox · Holdpoint`. */
export function useTitle(name: string): void {
  const count = use(TitleCountContext);
  useEffect(() => {
    document.title = `${count === "" ? "" : `(${count}) `}${name} · Holdpoint`;
  }, [name, count]);
}
