import type { Notice, Place } from "./notices.js";

export interface BoardOptions {
  readonly onOpen: (place: Place) => void;
  /** The person, or the system, has put it away. */
  readonly onDismiss: (notice: Notice) => void;
  /** The browser makes none. */
  readonly onRefusal: () => void;
}

/** The notifications that this page has in the system. */
export interface Board {
  /** Makes them be these. What is made anew is made in their order. */
  show(notices: readonly Notice[]): void;
}

export function createBoard({ onOpen, onDismiss, onRefusal }: BoardOptions): Board {
  const posted = new Map<string, Posted>();

  const takeDown = (tag: string) => {
    const before = posted.get(tag);
    posted.delete(tag);
    before?.notification.close();
  };
  const post = (notice: Notice) => {
    const notification = construct(notice);
    if (notification === undefined) return onRefusal();
    posted.set(notice.tag, { notice, notification });
    /** What it speaks of now, unless another has taken its place. */
    const current = () => {
      const found = posted.get(notice.tag);
      return found?.notification === notification ? found.notice : undefined;
    };
    const dismiss = () => {
      const dismissed = current();
      if (dismissed === undefined) return;
      posted.delete(notice.tag);
      onDismiss(dismissed);
    };
    notification.addEventListener("close", dismiss);
    notification.addEventListener("error", dismiss);
    notification.addEventListener("click", (event) => {
      const place = current()?.leadsTo;
      event.preventDefault();
      window.focus();
      notification.close();
      if (place !== undefined) onOpen(place);
    });
  };
  return {
    show(notices) {
      const wanted = new Set(notices.map(({ tag }) => tag));
      for (const tag of posted.keys()) if (!wanted.has(tag)) takeDown(tag);
      for (const notice of notices) {
        const before = posted.get(notice.tag);
        if (before !== undefined && readsAlike(before.notice, notice)) before.notice = notice;
        else post(notice);
      }
    },
  };
}

interface Posted {
  notice: Notice;
  readonly notification: Notification;
}

function readsAlike(one: Notice, other: Notice): boolean {
  return one.title === other.title && one.body === other.body;
}

/** One with a tag that is there already takes its place, and without a sound: `renotify` is off by default. */
function construct({ tag, title, body, isCritical }: Notice): Notification | undefined {
  try {
    return new Notification(title, { tag, body, dir: "ltr", requireInteraction: isCritical });
  } catch {
    return undefined;
  }
}
