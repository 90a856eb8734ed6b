import { createHash } from "node:crypto";
import { auditLog, entriesPath, importTrustedKeys, tilePath } from "@holdpoint/protocol/receipt";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, World } from "../testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

async function fetchBytes(path: string): Promise<Uint8Array | undefined> {
  const response = await world.fetch("GET", `/v1/log/${path}`);
  return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

/** Makes this many events, and has the log take them in. */
async function add(count: number): Promise<void> {
  const asks = Array.from({ length: count }, () =>
    world.call("POST", "/v1/requests", {
      as: "agent",
      body: { id: typeidUnboxed("req"), service: "s", action: "a", payload: 1 },
    }),
  );
  await Promise.all(asks);
  await world.call("GET", "/v1/receipts?limit=1", { as: "admin" });
}

async function audit(seen: readonly string[] = []) {
  const { body } = await world.call("GET", "/.well-known/jwks.json");
  const { logs } = await importTrustedKeys(body);
  return auditLog({ read: fetchBytes, keys: logs, seen });
}

describe("the log", () => {
  it("has a signed checkpoint before its first entry", async () => {
    const response = await world.fetch("GET", "/v1/log/checkpoint");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.text()).toMatch(/^localhost\/v1\/log\n0\n47DEQpj8HBSa\S+=\n\n— /);
  });

  it("[G7] is whole and only ever grows, as a stranger finds out from its files alone", async () => {
    const notes: string[] = [];
    let size = 0;
    for (const count of [1, 2, 5, 120, 128, 1, 300]) {
      await add(count);
      size += count;
      const audited = await audit(notes);
      expect(audited.checkpoint.size).toBe(size);
      expect(audited.contains).toHaveLength(notes.length);
      notes.push(audited.note);
    }
  });

  it("holds hashes of receipts and nothing else", async () => {
    const { body } = await world.call("GET", "/v1/receipts?limit=256", { as: "admin" });
    const bundle = Buffer.from((await fetchBytes(entriesPath(0))) ?? []);
    expect(bundle).toHaveLength(256 * 34);
    for (const [index, { jws }] of body.data.entries()) {
      const entry = bundle.subarray(index * 34, (index + 1) * 34);
      expect(entry.readUInt16BE(0)).toBe(32);
      expect(entry.subarray(2)).toEqual(createHash("sha256").update(jws).digest());
    }
  });

  it("serves a partial tile of any width it has had, cut from the one it has grown to", async () => {
    const full = await fetchBytes(tilePath(0, 0));
    expect(full).toHaveLength(8_192);
    for (const width of [1, 100, 255]) {
      expect(await fetchBytes(tilePath(0, 0, width))).toEqual(full?.subarray(0, width * 32));
      expect(await fetchBytes(entriesPath(0, width))).toHaveLength(width * 34);
    }
  });

  it("lets what never changes be kept for ever", async () => {
    for (const path of [tilePath(0, 0), tilePath(0, 1, 5), entriesPath(0), tilePath(1, 0, 1)]) {
      const { status, headers } = await world.fetch("GET", `/v1/log/${path}`);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("application/octet-stream");
      expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(headers.get("access-control-allow-origin")).toBe("*");
    }
  });

  it.each([
    "tile/0/x001/000",
    "tile/0/002",
    "tile/0/002.p/255",
    "tile/1/000",
    "tile/1/000.p/3",
    "tile/2/000.p/1",
    "tile/entries/002",
    "tile/entries/003.p/1",
    "tile/0/0",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/data/000",
    "tile/0/x000/000",
    "tile/0/..%2f..%2fcheckpoint",
  ])("has no %s", async (path) => {
    const reply = await world.call("GET", `/v1/log/${path}`);
    expect(reply.status).toBe(404);
    expect(codeOf(reply)).toBe("RESOURCE_NOT_FOUND");
    expect(reply.headers.get("cache-control")).toBe("no-store");
  });
});
