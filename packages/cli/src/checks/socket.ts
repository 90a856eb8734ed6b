import { stat } from "node:fs/promises";
import { request } from "node:http";
import { dirname, resolve } from "node:path";
import type { Terminal } from "../terminal.js";
import { type Check, failed, passed, skipped } from "./check.js";

const TIMEOUT_MS = 5_000;
const NAME = "Socket";

/** Whether a control plane answers on the Unix socket that is set, and who else could. */
export async function checkSocket({ env, directory }: Terminal): Promise<Check> {
  const given = env.HOLDPOINT_SOCKET?.trim();
  if (!given) return skipped(NAME, "none set");
  const path = resolve(directory, given);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isSocket()) {
    return failed(
      NAME,
      `there is no socket at ${path}`,
      "holdpoint serve, or unset HOLDPOINT_SOCKET",
    );
  }
  const folder = dirname(path);
  if (((await stat(folder)).mode & 0o022) !== 0) {
    return failed(NAME, `others may put their own into ${folder}`, `chmod go-w ${folder}`);
  }
  const status = await askReady(path);
  const mode = (found.mode & 0o777).toString(8);
  if (status === 200) return passed(NAME, `${path} is ready, mode ${mode}`);
  return failed(
    NAME,
    status === undefined ? `nothing answers at ${path}` : `${path} answered HTTP ${status}`,
    "holdpoint serve, or unset HOLDPOINT_SOCKET",
  );
}

function askReady(socketPath: string): Promise<number | undefined> {
  return new Promise((settle) => {
    const asked = request(
      { socketPath, path: "/readyz", signal: AbortSignal.timeout(TIMEOUT_MS) },
      (response) => {
        response.resume();
        settle(response.statusCode);
      },
    );
    asked.on("error", () => settle(undefined));
    asked.end();
  });
}
