import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";
import { full } from "../harness/full.js";

const MIB = 1_048_576;
/** 128 MiB, twice the bound, shows that memory does not grow with the state. */
const stateBytes = full(128, 1_024) * MIB;
const boundBytes = 64 * MIB;

test.runIf(process.platform !== "win32")(
  `[S-CONSTANT-MEMORY] a state of ${stateBytes / MIB} MiB is parked and loaded in less than 64 MiB, by client and server`,
  { timeout: 600_000 },
  async () => {
    await using folder = await createFolder();
    const masterKey = Buffer.alloc(32, 3).toString("base64url");
    const database = join(folder.path, "holdpoint.db");
    await using server = startChild("harness/server.ts", {}, [database, masterKey, "0"]);
    const { url, apiKey } = JSON.parse(await server.nextLine());
    const transfer = async (bytes: number) => {
      await using client = startChild("states/fixtures/transfer.program.ts", {}, [
        url,
        apiKey,
        String(bytes),
      ]);
      return JSON.parse(await client.nextLine());
    };
    await transfer(MIB);
    const watched = watchMemory(server.process.pid ?? 0);
    const { parkBytes, loadBytes, digestMatches } = await transfer(stateBytes);
    expect(digestMatches).toBe(true);
    expect(parkBytes).toBeLessThan(boundBytes);
    expect(loadBytes).toBeLessThan(boundBytes);
    expect(watched()).toBeLessThan(boundBytes);
  },
);

/** How far a process's resident memory has risen. */
function watchMemory(processId: number): () => number {
  const read = () =>
    1_024 *
    Number(execFileSync("ps", ["-o", "rss=", "-p", String(processId)], { encoding: "utf8" }));
  const baseline = read();
  let peak = baseline;
  const sample = setInterval(() => {
    peak = Math.max(peak, read());
  }, 50);
  return () => {
    clearInterval(sample);
    return peak - baseline;
  };
}
