import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { type Board, createBoard } from "./board.js";
import { noticesOf, type Place } from "./notices.js";
import { isLookedAt, tellPresence } from "./presence.js";
import { waitingQuery } from "./queries.js";
import { reportUnsupported, useStanding } from "./standing.js";
import { dismiss, gather, type Watch, watchArrivals } from "./watch.js";

/** Tells a person who is elsewhere what has come to wait for them, where they have turned that on. */
export function Notifier() {
  return useStanding() === "on" ? <Watching /> : null;
}

function Watching() {
  const { project, roles } = useSession();
  const { data: waiting } = useQuery(waitingQuery(project.id));
  const open = useOpen();
  const watch = useRef<Watch>(undefined);
  const board = useRef<Board>(undefined);
  const looks = useRef(Promise.resolve());

  useEffect(() => tellPresence(project.id), [project.id]);

  useEffect(() => {
    const made = createBoard({
      onOpen: (place) => open.current(place),
      onDismiss: ({ keys }) => {
        if (watch.current) watch.current = dismiss(watch.current, keys);
      },
      onRefusal: reportUnsupported,
    });
    const takeAllDown = () => made.show([]);
    board.current = made;
    // They lead into this page, and nowhere once it is gone.
    window.addEventListener("pagehide", takeAllDown);
    return () => {
      window.removeEventListener("pagehide", takeAllDown);
      takeAllDown();
      board.current = undefined;
    };
  }, [open]);

  useEffect(() => {
    if (waiting === undefined) return;
    const own = gather(waiting.requests.filter(({ role }) => canDecide(roles, role)));
    const look = async () => {
      const isAway = !(await isLookedAt(project.id));
      if (board.current === undefined) return;
      watch.current = watchArrivals(watch.current, own, isAway);
      board.current.show(noticesOf(watch.current, own, waiting.isAll));
    };
    // In turn, for each tells what has come since the one before. What one has missed the next finds.
    looks.current = looks.current.then(look).catch(() => undefined);
  }, [waiting, roles, project.id]);
  return null;
}

/** Always the latest way to a place, for a notification outlives many renderings. */
function useOpen() {
  const navigate = useNavigate();
  const open = (place: Place) => {
    if (place.kind === "request") {
      const { requestId } = place;
      return void navigate({ to: "/requests/$requestId", params: { requestId } });
    }
    void navigate({ to: "/", ...(place.kind === "group" && { state: { openGroup: place.key } }) });
  };
  const latest = useRef(open);
  latest.current = open;
  return latest;
}
