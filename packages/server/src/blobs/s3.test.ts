import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../domain/clock.js";
import { createS3Blobs } from "./s3.js";
import type { BlobStore } from "./store.js";

// s3rver takes only these, and checks the signature of every call with them.
const credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
const bucket = "holdpoint-states";

let directory: string;
let server: S3rver;
let endpoint: string;
let blobs: BlobStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdpoint-s3-"));
  const configureBuckets = [{ name: bucket, configs: [] }];
  server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory, configureBuckets });
  const { port } = await server.run();
  endpoint = `http://127.0.0.1:${port}`;
  blobs = createS3Blobs({ bucket, endpoint, credentials }, systemClock);
});
afterAll(async () => {
  await blobs.close();
  await server.close();
  await rm(directory, { recursive: true });
});

const newName = () => ({ projectId: typeidUnboxed("prj"), id: typeidUnboxed("sta") });
const put = (url: string, body: string) => fetch(url, { method: "PUT", body });

describe("blobs in S3", () => {
  it("go up and come down by presigned URLs, without a credential", async () => {
    const name = newName();
    expect(await blobs.size(name)).toBeUndefined();
    const { url, expiresAt } = await blobs.signUpload(name, 9);
    expect(new URL(url).pathname).toBe(`/${bucket}/states/${name.projectId}/${name.id}`);
    expect(expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
    expect((await put(url, "encrypted")).status).toBe(200);
    expect(await blobs.size(name)).toBe(9);
    const download = await fetch((await blobs.signDownload(name)).url);
    expect(await download.text()).toBe("encrypted");
  });

  it("are not reached by a URL for something else", async () => {
    const name = newName();
    const other = newName();
    const upload = (await blobs.signUpload(name)).url;
    await put(upload, "encrypted");
    const download = (await blobs.signDownload(name)).url;
    for (const attempt of [
      put(download, "replaced"),
      put(upload.replace(name.id, other.id), "replaced"),
      put(upload.replace(/X-Amz-Signature=.{4}/, "X-Amz-Signature=0000"), "replaced"),
      fetch(`${endpoint}/${bucket}/states/${name.projectId}/${name.id}`, { method: "PUT" }),
    ]) {
      expect((await attempt).status).toBe(403);
    }
    expect(await (await fetch(download)).text()).toBe("encrypted");
  });

  it("take the length that was foretold and no other", async () => {
    const { url } = await blobs.signUpload(newName(), 9);
    expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;host");
    expect((await put(url, "longer than foretold")).status).toBe(403);
  });

  it("are deleted, also when they are not there", async () => {
    const name = newName();
    await put((await blobs.signUpload(name)).url, "encrypted");
    await blobs.delete(name);
    await blobs.delete(name);
    expect(await blobs.size(name)).toBeUndefined();
    expect(
      await readdir(join(directory, bucket, "states", name.projectId)).catch(() => []),
    ).toEqual([]);
  });

  it("say what failed when the host refuses", async () => {
    const wrong = { accessKeyId: "S3RVER", secretAccessKey: "wrong" };
    const refused = createS3Blobs({ bucket, endpoint, credentials: wrong }, systemClock);
    await expect(refused.size(newName())).rejects.toThrow();
    await expect(refused.delete(newName())).rejects.toThrow();
    expect((await put((await refused.signUpload(newName())).url, "x")).status).toBe(403);
    await refused.close();
  });
});
