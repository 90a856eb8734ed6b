import type { OnDisconnect } from "../pipeline/wait.js";
import type { HttpContext } from "./operation.js";

/**
 * Tells when the client has gone. On a socket this listens to the answer itself: asking a request
 * for its `signal` would make an abort controller and its chain for every held call.
 */
export function onDisconnect(http: HttpContext): OnDisconnect {
  const outgoing = http.env?.outgoing;
  if (outgoing !== undefined) {
    return (callback) => {
      const gone = () => callback();
      outgoing.once("close", gone);
      return () => outgoing.off("close", gone);
    };
  }
  const { signal } = http.req.raw;
  return (callback) => {
    const gone = () => callback();
    if (signal.aborted) gone();
    signal.addEventListener("abort", gone, { once: true });
    return () => signal.removeEventListener("abort", gone);
  };
}
