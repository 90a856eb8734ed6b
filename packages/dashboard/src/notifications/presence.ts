const nameOf = (projectId: string) => `holdpoint.looked-at.${projectId}`;

/**
 * Lets every tab of this browser know while a person looks at the project in this one. A lock says so,
 * for the browser takes it back from a tab that crashes.
 *
 * @returns Ends it.
 */
export function tellPresence(projectId: string): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  let leave: (() => void) | undefined;

  const update = () => {
    if (isHere() === (leave !== undefined)) return;
    if (leave !== undefined) return goAway();
    const stay = new Promise<void>((resolve) => {
      leave = resolve;
    });
    void navigator.locks.request(nameOf(projectId), { mode: "shared" }, () => stay);
  };
  const goAway = () => {
    leave?.();
    leave = undefined;
  };

  window.addEventListener("focus", update, { signal });
  window.addEventListener("blur", update, { signal });
  document.addEventListener("visibilitychange", update, { signal });
  update();
  return () => {
    ending.abort();
    goAway();
  };
}

function isHere(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Whether a person looks at the project, in whichever tab of this browser. */
export async function isLookedAt(projectId: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === nameOf(projectId));
}
