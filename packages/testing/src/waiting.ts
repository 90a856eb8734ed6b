import type { WireRequest } from "@holdpoint/protocol";

/** Which request to wait for; without members, any. */
export interface RequestMatch {
  readonly id?: string;
  readonly service?: string;
  readonly action?: string;
}

/** No matching request came in time. */
export class RequestAwaitedError extends Error {
  override readonly name = "RequestAwaitedError" as const;
}

/** Lets tests wait for what agents do, instead of sleeping. */
export class Arrivals {
  readonly #listeners = new Set<() => void>();

  announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Asks `find` now and after every arrival, until it gives something. */
  async waitUntil<Found>(
    find: () => Promise<Found | undefined>,
    timeoutMs: number,
  ): Promise<Found> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (true) {
      const { arrived, forget } = this.#next(deadline);
      try {
        const found = await find();
        if (found !== undefined) return found;
        await arrived;
      } finally {
        forget();
      }
    }
  }

  #next(deadline: AbortSignal): { arrived: Promise<void>; forget: () => void } {
    let forget = () => {};
    const arrived = new Promise<void>((resolve, reject) => {
      const give = () =>
        reject(
          new RequestAwaitedError(
            "No such request arrived in time. Was the agent awaited before it asked?",
          ),
        );
      forget = () => {
        this.#listeners.delete(resolve);
        deadline.removeEventListener("abort", give);
      };
      this.#listeners.add(resolve);
      if (deadline.aborted) give();
      else deadline.addEventListener("abort", give, { once: true });
    });
    arrived.catch(() => {});
    return { arrived, forget };
  }
}

export function matches(request: WireRequest, { id, service, action }: RequestMatch): boolean {
  return (
    (id === undefined || id === request.id) &&
    (service === undefined || service === request.service) &&
    (action === undefined || action === request.action)
  );
}
