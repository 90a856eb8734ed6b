import { useRouterState } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The key of a group that the inbox opens. */
    openGroup?: string;
  }
}

/**
 * The group that a notification leads to, opened once, and with the focus on it as soon as it is in
 * the list.
 */
export function useAskedGroup(
  list: RefObject<HTMLElement | null>,
  open: (key: string) => void,
): string | undefined {
  const { openGroup: asked, __TSR_key: visit } = useRouterState({
    select: ({ location }) => location.state,
  });
  const done = useRef<string>(undefined);
  useEffect(() => {
    if (asked === undefined || done.current === visit) return;
    const group = list.current?.querySelector<HTMLElement>(`[data-group="${CSS.escape(asked)}"]`);
    const toggle = group?.querySelector<HTMLElement>("[data-stop]");
    if (!toggle) return;
    done.current = visit;
    open(asked);
    toggle.focus();
    toggle.scrollIntoView({ block: "nearest" });
  });
  return asked;
}
