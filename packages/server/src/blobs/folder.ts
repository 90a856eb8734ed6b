import { randomUUID } from "node:crypto";
import { type FileHandle, link, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isErrno } from "./errno.js";
import { createServedStore } from "./served.js";
import type { UrlSigner } from "./signature.js";
import type { BlobName, BlobStore } from "./store.js";

/**
 * Blobs as files: `<folder>/<project>/<state>`. A file has its name only once all of it is on the
 * disk; until then it is in `<folder>/incoming`.
 *
 * @param folder - Made when absent, for this user only. Replicas of one control plane share it.
 */
export function createFolderBlobs(folder: string, signer: UrlSigner): BlobStore {
  const incoming = join(folder, "incoming");
  const pathOf = ({ projectId, id }: BlobName) => join(folder, projectId, id);
  return createServedStore(signer, {
    async write(name, bytes) {
      const path = pathOf(name);
      for (const needed of [incoming, dirname(path)]) {
        await mkdir(needed, { recursive: true, mode: 0o700 });
      }
      const temporary = join(incoming, `${name.id}.${randomUUID()}`);
      try {
        const sizeBytes = await writeFile(temporary, bytes);
        // Unlike a rename, it fails where the name is taken: the first upload stands.
        if (!(await tryLink(temporary, path))) return { outcome: "exists" };
        await syncFolder(dirname(path));
        return { outcome: "written", sizeBytes };
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async read(name) {
      const file = await openIfThere(pathOf(name));
      if (file === undefined) return undefined;
      const { size } = await file.stat();
      return { sizeBytes: size, body: streamOf(file) };
    },
    async size(name) {
      const stats = await stat(pathOf(name)).catch(absent);
      return stats?.size;
    },
    async delete(name) {
      await rm(pathOf(name), { force: true });
    },
    async clean(before) {
      for (const entry of (await readdir(incoming).catch(absent)) ?? []) {
        const path = join(incoming, entry);
        const stats = await stat(path).catch(absent);
        if (stats !== undefined && stats.mtimeMs <= before) await rm(path, { force: true });
      }
    },
    async close() {},
  });
}

async function writeFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, "wx", 0o600);
  try {
    let sizeBytes = 0;
    for await (const piece of bytes) {
      await file.writev([piece]);
      sizeBytes += piece.byteLength;
    }
    await file.sync();
    return sizeBytes;
  } finally {
    await file.close();
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

/** Makes the name durable too. Windows has no such thing, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const READ_BYTES = 256 * 1_024;

/** Reads as it is asked, and closes the file at the end, on failure, and when nobody reads on. */
function streamOf(file: FileHandle): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(READ_BYTES), 0, READ_BYTES);
        if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
        controller.close();
        await file.close();
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  );
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, "r").catch(absent);
}

function absent(error: unknown): undefined {
  if (isErrno(error, "ENOENT")) return undefined;
  throw error;
}
