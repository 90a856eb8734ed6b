import { chmodSync, lstatSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";

/** Only who runs the server. Node tells nothing of who is at the other end: these are the check. */
export const DEFAULT_SOCKET_MODE = 0o600;

const OTHERS_MAY_WRITE = 0o002;
/** In such a folder nobody replaces what is another's: `/tmp`. */
const STICKY = 0o1000;

/**
 * Makes way for a Unix socket: what a server that died has left is removed.
 *
 * @throws {Error} the folder can be written by others, a server listens there, or something lies there
 *   that is no socket.
 */
export async function clearSocket(path: string): Promise<void> {
  const folder = dirname(path);
  const { mode } = statSync(folder);
  if ((mode & OTHERS_MAY_WRITE) !== 0 && (mode & STICKY) === 0) {
    throw new Error(
      `Expected a folder that only its owner and group write to; everybody may write to ${folder}. Run: chmod o-w ${folder}`,
    );
  }
  const standing = lstatSync(path, { throwIfNoEntry: false });
  if (standing === undefined) return;
  if (!standing.isSocket()) {
    throw new Error(`Expected a socket or nothing at ${path}, found something else. Move it away.`);
  }
  if (await isLive(path)) {
    throw new Error(
      `Expected nobody to listen at ${path}; a server does. Stop it, or choose another path.`,
    );
  }
  rmSync(path);
}

/** Says who may connect. @param mode - For example `0o660` to let its group. */
export function restrictSocket(path: string, mode: number): void {
  chmodSync(path, mode);
}

function isLive(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      else reject(error);
    });
  });
}
