import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { type Headers, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSqliteStore } from "../store/sqlite.js";
import { createBackup } from "./create.js";
import { type Manifest, manifestName } from "./manifest.js";
import { restoreBackup } from "./restore.js";

const FUZZ_RUNS = process.env.TEST_FULL === "1" ? 2_000 : 100;
const BLOB = "blobs/prj_1/sta_1";

let home: string;
let archive: Buffer;
let contents: Map<string, Buffer>;
let targets = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "holdpoint-backup-"));
  const dataDirectory = join(home, "data");
  const masterKeys = [randomBytes(32).toString("base64url")];
  const path = join(dataDirectory, "holdpoint.db");
  await (await createSqliteStore({ storage: { path }, masterKeys })).close();
  await mkdir(join(dataDirectory, "blobs/prj_1"), { recursive: true });
  await mkdir(join(dataDirectory, "blobs/incoming"), { recursive: true });
  await writeFile(join(dataDirectory, BLOB), randomBytes(70_001));
  await writeFile(join(dataDirectory, "blobs/prj_1/sta_2"), "");
  await writeFile(join(dataDirectory, "blobs/incoming/sta_3.half"), "not all of it");
  await writeFile(join(dataDirectory, "master.key"), masterKeys[0] as string);
  const output = new PassThrough();
  const [bytes] = await Promise.all([
    buffer(output),
    createBackup({ dataDirectory, output, now: 0 }),
  ]);
  archive = bytes;
  const restored = await restore(archive);
  contents = await readFolder(restored.folder);
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Restores into a folder of its own inside another, so that leftovers beside it show. */
async function restore(bytes: Buffer) {
  targets += 1;
  const parent = join(home, `target-${targets}`);
  const folder = join(parent, "data");
  const error = await restoreBackup({
    dataDirectory: folder,
    input: Readable.from([bytes]),
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { folder, error, left: await readdir(parent) };
}

async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(folder.length + 1), await readFile(path)] as const;
      }),
    ),
  );
}

const refused = { name: "BackupError", code: "BACKUP_DAMAGED" };

/** An archive as somebody might put it together; the manifest is right unless `list` says so. */
async function build(
  entries: readonly (readonly [string | Headers, Buffer])[],
  list: (manifest: Manifest) => Manifest | undefined = (manifest) => manifest,
): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  for (const [header, body] of entries) {
    tar.entry(typeof header === "string" ? { name: header } : header, body);
  }
  const manifest = list({
    format: "holdpoint-backup",
    version: 1,
    created_at: new Date(0).toISOString(),
    master_key_ids: [],
    entries: entries.map(([header, body]) => ({
      name: typeof header === "string" ? header : header.name,
      bytes: body.length,
      sha256: createHash("sha256").update(body).digest("hex"),
    })),
  });
  if (manifest !== undefined) {
    const text = Buffer.from(JSON.stringify(manifest));
    tar.entry({ name: manifestName(text) }, text);
  }
  tar.finalize();
  return bytes;
}

describe("a backup", () => {
  it("holds the database and whole blobs, and nothing else", () => {
    expect([...contents.keys()].sort()).toEqual([BLOB, "blobs/prj_1/sta_2", "holdpoint.db"]);
  });

  it("is refused wherever it is cut off", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: archive.length - 1_025 }), async (length) => {
        const { error, left } = await restore(archive.subarray(0, length));
        expect(error).toMatchObject(refused);
        expect(left).toEqual([]);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it("with any bit changed, restores nothing but what was backed up", {
    timeout: 60_000,
  }, async () => {
    const position = fc.integer({ min: 0, max: archive.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 0, max: 7 }), async (index, bit) => {
        const changed = Buffer.from(archive);
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        const { folder, error, left } = await restore(changed);
        if (error === undefined) {
          // The padding between entries says nothing.
          expect(await readFolder(folder)).toEqual(contents);
        } else {
          expect(error).toMatchObject(refused);
          expect(left).toEqual([]);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

describe("an archive that no backup makes", () => {
  const database = () => contents.get("holdpoint.db") as Buffer;
  const text = Buffer.from("x");

  it("is restored when it is right, so that the others are refused for what they are", async () => {
    expect(await restore(await build([["holdpoint.db", database()]]))).toMatchObject({
      error: undefined,
      left: ["data"],
    });
  });

  it.each<[string, () => Promise<Buffer>]>([
    ["is empty", async () => Buffer.alloc(0)],
    ["is no archive", async () => randomBytes(4_096)],
    ["has no list", () => build([["holdpoint.db", database()]], () => undefined)],
    ["has no database", () => build([["blobs/a/b", text]])],
    [
      "leads out of the folder",
      () =>
        build([
          ["holdpoint.db", database()],
          ["../out", text],
        ]),
    ],
    [
      "leads out below",
      () =>
        build([
          ["holdpoint.db", database()],
          ["blobs/../../out", text],
        ]),
    ],
    [
      "names the root",
      () =>
        build([
          ["holdpoint.db", database()],
          ["/etc/out", text],
        ]),
    ],
    [
      "brings another file",
      () =>
        build([
          ["holdpoint.db", database()],
          ["master.key", text],
        ]),
    ],
    [
      "brings a link",
      () =>
        build([
          ["holdpoint.db", database()],
          [{ name: "blobs/a", type: "symlink", linkname: "/etc" }, Buffer.alloc(0)],
        ]),
    ],
    [
      "holds a file twice",
      () =>
        build([
          ["blobs/a", text],
          ["blobs/a", text],
          ["holdpoint.db", database()],
        ]),
    ],
    [
      "holds what it does not list",
      () =>
        build(
          [
            ["holdpoint.db", database()],
            ["blobs/a", text],
          ],
          (manifest) => ({
            ...manifest,
            entries: manifest.entries.slice(0, 1),
          }),
        ),
    ],
    [
      "lists what it does not hold",
      () =>
        build([["holdpoint.db", database()]], (manifest) => ({
          ...manifest,
          entries: [
            ...manifest.entries,
            { ...(manifest.entries[0] as Manifest["entries"][number]), name: "blobs/a" },
          ],
        })),
    ],
    [
      "is of a later version",
      () =>
        build([["holdpoint.db", database()]], (manifest) => ({ ...manifest, version: 2 as never })),
    ],
    ["brings another database", () => build([["holdpoint.db", randomBytes(8_192)]])],
  ])("is refused when it %s", async (_name, make) => {
    const { error, left } = await restore(await make());
    expect(error).toMatchObject(refused);
    expect(left).toEqual([]);
  });
});
