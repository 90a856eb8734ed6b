import type { Request } from "../domain/request.js";

/**
 * Tells who waits that something was committed. A wake-up is a hint: whoever is woken reads what
 * it needs, and a wake-up too many does no harm.
 */
export interface Wakeups {
  /** The next changes of one request. Carries it where whoever made the change had it at hand. */
  onRequest(requestId: string, callback: (request: Request | undefined) => void): () => void;
  /** Any new event in a project. */
  onProject(projectId: string, callback: () => void): () => void;
  /** Any new event at all. */
  onAny(callback: (projectId: string) => void): () => void;
  /** To be called after the commit. */
  notify(changed: Pick<Request, "id" | "projectId">, request?: Request): void;
  /** As {@link notify}, where nobody can wait for the request itself. */
  notifyProject(projectId: string): void;
  /** Wakes all who wait for a request or a project: what has changed meanwhile is not known. */
  notifyAll(): void;
}

/** Wake-ups for a control plane of one process. */
export function createWakeups(): Wakeups {
  const byRequest = new Map<string, Set<(request: Request | undefined) => void>>();
  const byProject = new Map<string, Set<() => void>>();
  const ofAny = new Set<(projectId: string) => void>();

  function notifyProject(projectId: string): void {
    for (const callback of [...(byProject.get(projectId) ?? [])]) callback();
    for (const callback of ofAny) callback(projectId);
  }

  return {
    onRequest: (requestId, callback) => subscribe(byRequest, requestId, callback),
    onProject: (projectId, callback) => subscribe(byProject, projectId, callback),
    onAny(callback) {
      ofAny.add(callback);
      return () => ofAny.delete(callback);
    },
    notify({ id, projectId }, request) {
      for (const callback of [...(byRequest.get(id) ?? [])]) callback(request);
      notifyProject(projectId);
    },
    notifyProject,
    notifyAll() {
      for (const callback of [...byRequest.values()].flatMap((all) => [...all]))
        callback(undefined);
      for (const callback of [...byProject.values()].flatMap((all) => [...all])) callback();
    },
  };
}

function subscribe<Callback>(
  subscriptions: Map<string, Set<Callback>>,
  key: string,
  callback: Callback,
): () => void {
  const callbacks = subscriptions.get(key) ?? new Set();
  subscriptions.set(key, callbacks.add(callback));
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0 && subscriptions.get(key) === callbacks) subscriptions.delete(key);
  };
}
