import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { drawKey } from "../data/master-key.js";
import { agentOf, dropTable } from "../fixtures/agent.js";
import { holdpoint, spawnHoldpoint, startDev, temporaryFolder } from "../fixtures/holdpoint.js";

/** A `dev` that has been asked something, backed up while it runs. */
async function backUp(cwd: string) {
  await using dev = await startDev(cwd);
  const { id } = await agentOf(dev).defer(dropTable);
  const made = await holdpoint(["backup", "made.tar", "--json"], { cwd });
  await agentOf(dev).defer(dropTable);
  return { id, made, path: join(cwd, "made.tar") };
}

it("[P-BACKUP] backs up while it is served, and restores what it held at that moment", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const { id, made, path } = await backUp(cwd);
  expect(made).toMatchObject({ exitCode: 0, stderr: "" });
  const { file, masterKeyIds, ...contents } = JSON.parse(made.stdout);
  expect(file).toBe(path);
  expect(contents).toMatchObject({ blobs: 0, blobBytes: 0 });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(cwd, ".holdpoint"))).not.toContainEqual(
    expect.stringMatching(/backup/),
  );
  const masterKey = (await readFile(join(cwd, ".holdpoint/master.key"), "utf8")).trim();
  expect((await readFile(path)).includes(masterKey)).toBe(false);

  const restore = ["restore", "made.tar", "--data", "restored"];
  const restored = await holdpoint(restore, { cwd });
  expect(restored.exitCode).toBe(0);
  expect(restored.stdout).toContain(`needs the master key ${masterKeyIds[0]}`);
  expect((await stat(join(cwd, "restored"))).mode & 0o777).toBe(0o700);
  await writeFile(join(cwd, "restored/master.key"), masterKey, { mode: 0o600 });
  await using again = await startDev(cwd, "--data", "restored");
  const list = await holdpoint(["requests", "ls", "--json", "--data", "restored"], { cwd });
  expect(JSON.parse(list.stdout).data).toMatchObject([{ id }]);
  expect(again.ready.dataDir).toBe(join(cwd, "restored"));
});

it("says whether the environment has the key that the data needs", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  await backUp(cwd);
  const masterKey = (await readFile(join(cwd, ".holdpoint/master.key"), "utf8")).trim();
  const restoreWith = async (key: string, data: string) =>
    JSON.parse(
      (
        await holdpoint(["restore", "made.tar", "--json", "--data", data], {
          cwd,
          env: { HOLDPOINT_MASTER_KEY: key },
        })
      ).stdout,
    );
  expect(await restoreWith(masterKey, "a")).toMatchObject({ missingKeyIds: [] });
  const { masterKeyIds, missingKeyIds } = await restoreWith(drawKey(), "b");
  expect(missingKeyIds).toEqual(masterKeyIds);
});

it("takes parked states from where they are kept, and says where they belong", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const { path } = await backUp(cwd);
  await rm(path);
  const env = { HOLDPOINT_BLOB_DIR: join(cwd, "states") };
  await mkdir(join(cwd, "states/prj_1"), { recursive: true });
  await writeFile(join(cwd, "states/prj_1/sta_1"), "sealed");
  const made = await holdpoint(["backup", "made.tar"], { cwd, env });
  expect(made.stdout).toContain("1 parked state of 6 B");
  const restored = await holdpoint(["restore", "made.tar", "--data", "restored"], { cwd, env });
  expect(restored.stderr).toContain(`to ${env.HOLDPOINT_BLOB_DIR}.`);
  const state = join(cwd, "restored/blobs/prj_1/sta_1");
  expect(await readFile(state, "utf8")).toBe("sealed");
  const s3 = { HOLDPOINT_S3_BUCKET: "states" };
  const noted = await holdpoint(["backup", "other.tar"], { cwd, env: s3 });
  expect(noted.stderr).toContain("not in this backup");
});

it("writes to standard output and reads from standard input", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const { path } = await backUp(cwd);
  await rm(path);
  const { stdout, stderr, exitCode } = await spawnHoldpoint(["backup", "-"], cwd, "latin1");
  expect(exitCode).toBe(0);
  expect(stderr).toContain("Backed up to standard output");
  const restored = await holdpoint(["restore", "-", "--data", "restored"], {
    cwd,
    input: Buffer.from(stdout, "latin1"),
  });
  expect(restored).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await readdir(join(cwd, "restored"))).toEqual(["holdpoint.db"]);
});

it("[P-BACKUP] overwrites nothing, in either direction", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  await backUp(cwd);
  const before = await readFile(join(cwd, "made.tar"));
  expect(await holdpoint(["backup", "made.tar"], { cwd })).toMatchObject({ exitCode: 5 });
  const restored = await holdpoint(["restore", "made.tar"], { cwd });
  expect(restored).toMatchObject({ exitCode: 5, stdout: "" });
  expect(restored.stderr).toContain("overwrites nothing");
  expect(await readFile(join(cwd, "made.tar"))).toEqual(before);
  expect((await readdir(cwd)).sort()).toEqual([".holdpoint", "made.tar"]);
});

it("names what is missing: a database, an archive, another database's own tools", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const nothing = await holdpoint(["backup", "made.tar"], { cwd });
  expect(nothing).toMatchObject({ exitCode: 4, stdout: "" });
  expect(nothing.stderr).toContain("Expected holdpoint.db in");
  const unknown = await holdpoint(["restore", "no-such.tar"], { cwd });
  expect(unknown.exitCode).toBe(1);
  expect(unknown.stderr).toContain("no-such.tar");
  for (const command of ["backup", "restore"]) {
    const env = { HOLDPOINT_DATABASE_URL: "postgres://user:secret@localhost/holdpoint" };
    const { exitCode, stderr } = await holdpoint([command, "made.tar"], { cwd, env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("pg_dump");
    expect(stderr).not.toContain("secret");
  }
  expect(await readdir(cwd)).toEqual([]);
});
