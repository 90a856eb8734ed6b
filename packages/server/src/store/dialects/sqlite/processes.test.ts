import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMasterKey } from "../../conformance/fixture.js";
import { createSqliteStore } from "../../sqlite.js";

const PROGRAM = fileURLToPath(new URL("processes.program.ts", import.meta.url));
const TIMEOUT_MS = 60_000;
const masterKey = createMasterKey();
let path: string;
let children: ChildProcess[];
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "holdpoint-process-")), "holdpoint.db");
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map(kill));
  rmSync(join(path, ".."), { recursive: true });
});

/** Another process with a store on the same file; `lines` is what it has to say. */
function start(mode: "hold" | "load") {
  const flags = ["--conditions=@holdpoint/source", "--import", "tsx"];
  const child = spawn(process.execPath, [...flags, PROGRAM, mode, path], {
    env: { ...process.env, MASTER_KEY: masterKey },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

const openHere = () => createSqliteStore({ storage: { path }, masterKeys: [masterKey] });

it("loses nothing acknowledged when killed in the middle of its work", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { child, lines } = start("load");
  const acknowledged: string[] = [];
  while (acknowledged.length < 2_000) acknowledged.push(await nextLine(lines));
  await kill(child);
  for await (const line of { [Symbol.asyncIterator]: () => lines }) acknowledged.push(line);

  await using store = await openHere();
  for (const line of acknowledged) {
    // A line cut short by the kill acknowledges nothing.
    const [, projectId = "", id = "", status] = /^(\S+) (\S+) ([A-Z]+)\.$/.exec(line) ?? [];
    if (status === undefined) continue;
    const found = await store.requests.find(projectId, id);
    expect(found).toBeDefined();
    if (status === "APPROVED") expect(found?.status).toBe("APPROVED");
    const events = await store.events.listForRequest(projectId, id);
    expect(events).toHaveLength(found?.revision ?? 0);
  }
});

it("lets one of two processes in, and the next after its death", {
  timeout: TIMEOUT_MS,
}, async () => {
  const racers = [start("hold"), start("hold")];
  const said = await Promise.all(racers.map(({ lines }) => nextLine(lines)));
  expect(said.toSorted()).toEqual(["STORE_IN_USE", "open"]);
  await expect(openHere()).rejects.toMatchObject({ code: "STORE_IN_USE" });
  await Promise.all(children.map(kill));
  const store = await openHere();
  await expect(openHere()).rejects.toMatchObject({ code: "STORE_IN_USE" });
  await store.ping();
  await store.close();
  const again = await openHere();
  await again.close();
});

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error("Expected another line, the process has ended.");
  return value;
}
