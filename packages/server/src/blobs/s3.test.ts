import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../domain/clock.js";
import { codeOf, newState, World } from "../routes/testing/world.js";
import { createS3Blobs } from "./s3.js";
import type { BlobStore } from "./store.js";
import { CREDENTIALS, type S3Server, startS3Server } from "./testing/s3-server.js";

let server: S3Server;
let blobs: BlobStore;

beforeAll(async () => {
  server = await startS3Server();
  blobs = connect();
});
afterAll(async () => {
  await blobs.close();
  await server[Symbol.asyncDispose]();
});

function connect(credentials = CREDENTIALS): BlobStore {
  const { bucket, endpoint } = server;
  return createS3Blobs({ bucket, endpoint, credentials }, systemClock);
}

const newName = () => ({ projectId: typeidUnboxed("prj"), id: typeidUnboxed("sta") });
const put = (url: string, body: string) => fetch(url, { method: "PUT", body });

describe("blobs in S3", () => {
  it("go up and come down by presigned URLs, without a credential", async () => {
    const name = newName();
    expect(await blobs.size(name)).toBeUndefined();
    const { url, expiresAt } = await blobs.signUpload(name, 9);
    expect(new URL(url).pathname).toBe(`/${server.bucket}/states/${name.projectId}/${name.id}`);
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
      fetch(`${server.endpoint}/${server.bucket}/states/${name.projectId}/${name.id}`, {
        method: "PUT",
      }),
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
    expect((await fetch((await blobs.signDownload(name)).url)).status).toBe(404);
  });

  it("say what failed when the host refuses", async () => {
    const refused = connect({ ...CREDENTIALS, secretAccessKey: "wrong" });
    await expect(refused.size(newName())).rejects.toThrow();
    await expect(refused.delete(newName())).rejects.toThrow();
    expect((await put((await refused.signUpload(newName())).url, "x")).status).toBe(403);
    await refused.close();
  });
});

it("a control plane sends agents there, and learns that the bytes have arrived", async () => {
  const { bucket, endpoint } = server;
  const options = { kind: "s3", bucket, endpoint, credentials: CREDENTIALS } as const;
  await using world = await World.create({ blobs: options });
  const state = { ...newState(), size_bytes: 9 };
  const made = await world.call("POST", "/v1/states", { as: "agent", body: state });
  const find = async () =>
    (await world.call("GET", `/v1/states/${state.id}`, { as: "agent" })).body;
  expect(await find()).not.toHaveProperty("download_url");
  expect((await put(made.body.upload_url, "encrypted")).status).toBe(200);
  const found = await find();
  expect(found).toMatchObject({ size_bytes: 9, uploaded_at: expect.any(String) });
  expect(await (await fetch(found.download_url)).text()).toBe("encrypted");
  const ours = `/v1/blobs/${world.projectId}/${state.id}?expires=9999999999999&signature=AAAA`;
  expect(codeOf(await world.call("GET", ours))).toBe("STATE_URL_INVALID");
});
