import { createServer } from "node:net";
import { CommandFailure } from "../failure.js";

export const DEFAULT_PORT = 4747;

/**
 * The port to listen on. Without a wish it is {@link DEFAULT_PORT}, or any free one when that is
 * taken; a port that was asked for is taken or refused.
 */
export async function choosePort(wish: number | undefined, hostname: string): Promise<number> {
  if (wish === 0) return 0;
  const port = wish ?? DEFAULT_PORT;
  if (await isFree(port, hostname)) return port;
  if (wish === undefined) return 0;
  throw new CommandFailure({
    reason: "conflict",
    message: `Port ${port} is taken.`,
    next: "holdpoint dev --port 0   (any free port)",
  });
}

function isFree(port: number, hostname: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    probe.listen({ port, host: hostname, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
