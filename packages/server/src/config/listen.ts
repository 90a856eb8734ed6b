import { statSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";

export const LISTEN_VARIABLES = {
  HOLDPOINT_HOST: "address to listen on, default 127.0.0.1",
  HOLDPOINT_PORT: "port to listen on, default 4747",
  HOLDPOINT_SOCKET: "path of a Unix socket to listen on too",
  HOLDPOINT_SOCKET_MODE: "who may connect to it, as octal permissions, default 0600",
  HOLDPOINT_PROOF_NONCES: "required: proofs have to carry the server's own nonces",
} as const;

/** A path longer than that is cut by the operating system. */
const MAX_SOCKET_PATH_BYTES = 103;

export function readListening(read: (name: keyof typeof LISTEN_VARIABLES) => string | undefined) {
  const port = Number(read("HOLDPOINT_PORT") ?? "4747");
  const socketPath = read("HOLDPOINT_SOCKET");
  const mode = read("HOLDPOINT_SOCKET_MODE");
  const nonces = read("HOLDPOINT_PROOF_NONCES");
  return {
    proofNonces: nonces === "required",
    place: {
      hostname: read("HOLDPOINT_HOST") ?? "127.0.0.1",
      port,
      ...(socketPath !== undefined && { socketPath }),
      ...(mode !== undefined && { socketMode: Number.parseInt(mode, 8) }),
    },
    problems: [
      portProblem(port),
      socketProblem(socketPath),
      modeProblem(mode),
      nonceProblem(nonces),
    ],
  };
}

function portProblem(port: number): string | undefined {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return undefined;
  return "HOLDPOINT_PORT is not a port. Set it to a number from 0 (any free port) to 65535.";
}

function socketProblem(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (!isAbsolute(path) || Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    return `HOLDPOINT_SOCKET is not a whole path of at most ${MAX_SOCKET_PATH_BYTES} bytes. Set it, for example, to /run/holdpoint/holdpoint.sock.`;
  }
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return `HOLDPOINT_SOCKET is to lie in ${folder}, which is no folder. Make it first.`;
}

function modeProblem(mode: string | undefined): string | undefined {
  if (mode === undefined || /^0?[0-7]{3}$/.test(mode)) return undefined;
  return "HOLDPOINT_SOCKET_MODE is not octal permissions. Set it, for example, to 0660 to let a group connect.";
}

function nonceProblem(nonces: string | undefined): string | undefined {
  if (nonces === undefined || nonces === "required") return undefined;
  return "HOLDPOINT_PROOF_NONCES knows one value: required. Set it to that, or remove it.";
}
