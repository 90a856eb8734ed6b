import type { Progress } from "@modelcontextprotocol/client";
import type { ServerContext } from "@modelcontextprotocol/server";

/** Signs of life for a client that asks for them: first of the wait for a person, then of the call. */
export interface CallProgress {
  /** Tells that a person is waited for, again and again till the returned function is called. */
  startWaiting(message: string): () => void;
  /** Passes on what the server tells. Absent when the client does not ask for it. */
  readonly onProgress?: (progress: Progress) => void;
}

const INTERVAL_MS = 5_000;

/** The protocol wants every number to be greater than the one before, also across the two parts. */
export function createProgress({ mcpReq }: ServerContext): CallProgress {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { startWaiting: () => () => {} };
  let waited = 0;
  const send = (params: Progress) => {
    // A client that is gone ends the call by itself.
    mcpReq
      .notify({ method: "notifications/progress", params: { ...params, progressToken } })
      .catch(() => {});
  };
  return {
    startWaiting(message) {
      const report = () => {
        waited += 1;
        send({ progress: waited, message });
      };
      report();
      const timer = setInterval(report, INTERVAL_MS);
      return () => clearInterval(timer);
    },
    onProgress: ({ progress, total, ...rest }) =>
      send({
        ...rest,
        progress: waited + progress,
        ...(total !== undefined && { total: waited + total }),
      }),
  };
}
