import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Child, startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";
import { createRandom } from "../harness/random.js";
import { openSqliteTables } from "../harness/tables.js";
import { readFound } from "./found.js";
import { Ledger } from "./ledger.js";
import { type Server, write } from "./load.js";
import { findFaults } from "./oracle.js";

const WRITERS = 6;
const BACKUPS = 2;
const masterKey = Buffer.alloc(32, 8).toString("base64url");

function holdpoint(
  argv: readonly string[],
  { data, stdin = "ignore" }: { data: string; stdin?: "ignore" | "pipe" },
): Child {
  const environment = { HOLDPOINT_DATA_DIR: data };
  return startChild("../packages/cli/src/bin.ts", environment, argv, { stdin });
}

async function serve(data: string): Promise<{ child: Child; server: Server }> {
  const child = startChild("harness/server.ts", {}, [join(data, "holdpoint.db"), masterKey]);
  return { child, server: JSON.parse(await child.nextLine()) as Server };
}

test("[P-BACKUP] [G3] backups made under load are consistent, and hold all that was answered before they began", {
  timeout: 180_000,
}, async () => {
  const random = createRandom();
  console.log(`Backups under load: TEST_SEED=${random.seed}`);
  await using folder = await createFolder();
  const data = join(folder.path, "data");
  const ledger = new Ledger();
  const backups: { readonly file: string; readonly before: Ledger }[] = [];
  {
    const { child, server } = await serve(data);
    await using _ = child;
    const stop = new AbortController();
    const writers = Array.from({ length: WRITERS }, () =>
      write(server, ledger, random, stop.signal),
    );
    for (let index = 0; index < BACKUPS; index += 1) {
      const enough = ledger.size + 50;
      await expect.poll(() => ledger.size, { timeout: 30_000 }).toBeGreaterThan(enough);
      const file = join(folder.path, `${index}.tar`);
      const before = ledger.freeze();
      await using made = holdpoint(["backup", file], { data });
      expect(await made.ended).toBe(0);
      expect(made.errors()).toBe("");
      backups.push({ file, before });
    }
    stop.abort();
    await Promise.all(writers);
    expect(ledger.surprises).toEqual([]);
  }

  for (const [index, { file, before }] of backups.entries()) {
    const restored = join(folder.path, `restored-${index}`);
    await using restore = holdpoint(["restore", file, "--json"], { data: restored });
    const { masterKeyIds } = JSON.parse(await restore.nextLine());
    expect(masterKeyIds).toHaveLength(1);
    expect(await restore.ended).toBe(0);
    expect(await look(restored, before)).toEqual([]);
    const { child } = await serve(restored);
    await child[Symbol.asyncDispose]();
    expect(await look(restored, before)).toEqual([]);
  }
});

test("[P-BACKUP] a restore that is killed in the middle leaves no data folder, and the next one succeeds", {
  timeout: 180_000,
}, async () => {
  await using folder = await createFolder();
  const data = join(folder.path, "data");
  const file = join(folder.path, "made.tar");
  const { child } = await serve(data);
  await using _ = child;
  await using made = holdpoint(["backup", file], { data });
  expect(await made.ended).toBe(0);
  const archive = await readFile(file);

  const target = join(folder.path, "restored");
  const leftovers = async () =>
    (await readdir(dirname(target))).filter((name) => name.includes(basename(target)));
  for (const [signal, ended] of [
    ["SIGTERM", 130],
    ["SIGKILL", "SIGKILL"],
  ] as const) {
    await using restore = holdpoint(["restore", "-"], { data: target, stdin: "pipe" });
    restore.process.stdin?.write(archive.subarray(0, archive.length / 2));
    await expect.poll(leftovers, { timeout: 20_000 }).toHaveLength(1);
    restore.process.kill(signal);
    expect(await restore.ended).toBe(ended);
    // Asked to stop, it tidies up; killed, it leaves what is in nobody's way.
    const expected = signal === "SIGTERM" ? [] : [expect.stringMatching(/^\.restored-/)];
    expect(await leftovers()).toEqual(expected);
  }

  await using restore = holdpoint(["restore", "-"], { data: target, stdin: "pipe" });
  restore.process.stdin?.end(archive);
  expect(await restore.ended).toBe(0);
  expect(await readdir(target)).toEqual(["holdpoint.db"]);
});

async function look(data: string, ledger: Ledger): Promise<readonly string[]> {
  await using tables = await openSqliteTables(join(data, "holdpoint.db"));
  return findFaults(ledger, await readFound(tables));
}
