import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";

const encryptionKey = Buffer.alloc(32, 5).toString("base64url");
const otherKey = Buffer.alloc(32, 6).toString("base64url");
const canary = "canary-91ab";
const ask = { service: "billing", action: "refund", payload: { amount: 5 } };
const MIB = 1_048_576;

type Fetch = typeof fetch;

/** Calls to where bytes go and come, apart from those to the control plane's own API. */
function onStorage(change: (url: string, init: RequestInit) => Promise<Response>): Fetch {
  return (input, init = {}) => {
    const url = String(input);
    return url.includes("/v1/blobs/") ? change(url, init) : fetch(input, init);
  };
}

/** What a storage host gives instead of what it was given. */
function forging(holdpoint: ServedControlPlane, forge: (bytes: Buffer) => Buffer, key?: string) {
  return holdpoint.client({
    ...(key !== undefined && { encryptionKey: key }),
    fetch: onStorage(async (url, init) => {
      const response = await fetch(url, init);
      if (init.method === "PUT" || !response.ok) return response;
      return new Response(new Uint8Array(forge(Buffer.from(await response.arrayBuffer()))));
    }),
  });
}

describe("[P-STATES] a parked state", () => {
  test.each([
    ["JSON", { messages: ["a", null, { deep: [1.5, true] }] }],
    ["null", null],
    ["a text", "text"],
  ])("%s comes back in another process's client", async (_name, value) => {
    await using holdpoint = await serveControlPlane();
    for (const options of [{}, { encryptionKey }]) {
      const { id, sizeBytes } = await holdpoint.client(options).states.park(value);
      const state = await holdpoint.client(options).states.load(id);
      expect(state).toMatchObject({ id, sizeBytes });
      expect(await state.json()).toEqual(value);
    }
  });

  test("bytes come back from whatever they were parked as", async () => {
    await using holdpoint = await serveControlPlane();
    const hp = holdpoint.client();
    for (const length of [0, 1, MIB - 1, MIB, MIB + 1, 10 * MIB]) {
      const bytes = Buffer.alloc(length, "0123456789");
      const stream = () => new Blob([bytes]).stream();
      const parked = await Promise.all([
        hp.states.park(bytes),
        hp.states.park(new Blob([bytes])),
        hp.states.park(stream()),
        hp.states.park(stream(), { sizeBytes: length }),
      ]);
      for (const { id, sizeBytes } of parked) {
        expect(sizeBytes).toBe(length + 140 + 16 * Math.max(1, Math.ceil(length / MIB)));
        const state = await hp.states.load(id);
        expect(bytes.equals(await state.bytes())).toBe(true);
        const pieces: Uint8Array[] = [];
        for await (const piece of await state.stream()) pieces.push(piece);
        expect(bytes.equals(Buffer.concat(pieces))).toBe(true);
      }
    }
  });

  test("goes with a request, once per id, and is found from the decision", async () => {
    await using holdpoint = await serveControlPlane();
    for (const options of [{}, { encryptionKey }]) {
      const hp = holdpoint.client(options);
      const { id } = await hp.defer({ ...ask, state: { step: 1 } });
      await holdpoint.decide(id, { decision: "approve" });
      const again = await holdpoint.client(options).defer({ ...ask, id, state: { step: 2 } });
      expect(again.id).toBe(id);
      const decision = await hp.wait(id);
      const state = await hp.states.load(decision.stateId ?? "");
      expect(await state.json()).toEqual({ step: 1 });
    }
  });

  test("is begun again by a process that did not finish", async () => {
    await using holdpoint = await serveControlPlane();
    for (const options of [{}, { encryptionKey }]) {
      const { id: requestId } = await holdpoint.client().defer(ask);
      const id = requestId.replace("req_", "sta_");
      const lost = onStorage(async () => new Response(null, { status: 400 }));
      const dying = holdpoint.client({ ...options, fetch: lost });
      await expect(dying.states.park("first", { id })).rejects.toMatchObject({
        code: "RESPONSE_INVALID",
      });
      await expect(holdpoint.client(options).states.load(id)).rejects.toMatchObject({
        name: "ConflictError",
        code: "STATE_NOT_UPLOADED",
      });
      await holdpoint.client(options).states.park("second", { id });
      expect(await (await holdpoint.client(options).states.load(id)).json()).toBe("second");
    }
  });

  test("[G6] is ciphertext to the storage host, and with a client key to the server too", async () => {
    await using folder = await createFolder();
    const storage = { kind: "sqlite", path: join(folder.path, "holdpoint.db") } as const;
    await using holdpoint = await serveControlPlane({ storage });
    const sent: string[] = [];
    const hp = holdpoint.client({
      encryptionKey,
      fetch: async (input, init) => {
        sent.push(await new Response(init?.body as string).clone().text());
        return fetch(input, init);
      },
    });
    await hp.states.park({ memory: canary });
    const plain = await holdpoint.client().states.park({ memory: canary });
    const blobs = join(folder.path, "blobs", holdpoint.projectId);
    expect(await readdir(blobs)).toHaveLength(2);
    const names = await readdir(folder.path, { recursive: true });
    const files = await Promise.all(
      names.map((name) => readFile(join(folder.path, name), "latin1").catch(() => "")),
    );
    const everything = [...files, ...sent, ...holdpoint.log].join("\n");
    expect(everything).toContain(plain.id);
    expect(everything).not.toContain(canary);
    expect(everything).not.toContain(encryptionKey);
  });

  test("takes no credential to the storage host, and follows it nowhere", async () => {
    await using holdpoint = await serveControlPlane();
    const seen: { headers: Headers; redirect: RequestRedirect | undefined }[] = [];
    const recording = onStorage(async (url, init) => {
      seen.push({ headers: new Headers(init.headers), redirect: init.redirect });
      return fetch(url, init);
    });
    const hp = holdpoint.client({ fetch: recording });
    const { id } = await hp.states.park(Buffer.alloc(3 * MIB));
    await (await hp.states.load(id)).bytes();
    expect(seen).toHaveLength(2);
    for (const { headers, redirect } of seen) {
      expect([...headers.keys()].filter((name) => name !== "content-length")).toEqual([]);
      expect(redirect).not.toBe("follow");
      expect(redirect).toBeDefined();
    }
    const moved = onStorage(async () => new Response(null, { status: 307 }));
    const redirected = holdpoint.client({ fetch: moved, maxRetries: 0 });
    await expect(redirected.states.park("x")).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
    const state = await redirected.states.load(id);
    await expect(state.bytes()).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
  });

  test("survives passing failures, and an answer that is lost", async () => {
    await using holdpoint = await serveControlPlane();
    let puts = 0;
    let gets = 0;
    const hp = holdpoint.client({
      fetch: onStorage(async (url, init) => {
        if (init.method === "PUT") {
          puts += 1;
          if (puts === 1) return new Response(null, { status: 503 });
          const response = await fetch(url, init);
          if (puts === 2) throw new TypeError("fetch failed");
          return response;
        }
        gets += 1;
        if (gets === 1) throw new TypeError("fetch failed");
        return fetch(url, init);
      }),
    });
    const { id, sizeBytes } = await hp.states.park("kept");
    const state = await hp.states.load(id);
    expect(await state.json()).toBe("kept");
    expect({ puts, gets, sizeBytes }).toEqual({ puts: 3, gets: 2, sizeBytes: state.sizeBytes });
  });

  test("ends at once, with the reason unchanged, when aborted", async () => {
    await using holdpoint = await serveControlPlane();
    const controller = new AbortController();
    const reason = { any: "value" };
    const silent = new ReadableStream<Uint8Array>({
      pull: () => {
        controller.abort(reason);
        return new Promise(() => {});
      },
    });
    const { signal } = controller;
    const parking = holdpoint.client().states.park(silent, { signal, sizeBytes: 10 * MIB });
    await expect(parking).rejects.toBe(reason);
  });
});

describe("[P-STATES] [G4] a state that is not what was parked", () => {
  test.each([
    ["cut in the middle", "STATE_TRUNCATED", (bytes: Buffer) => bytes.subarray(0, 2 * MIB)],
    [
      "cut between segments",
      "STATE_TRUNCATED",
      (bytes: Buffer) => bytes.subarray(0, 140 + MIB + 16),
    ],
    ["longer", "STATE_DAMAGED", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])])],
    ["changed", "STATE_DAMAGED", (bytes: Buffer) => flip(bytes, 1_500_000)],
    ["with another header", "STATE_DAMAGED", (bytes: Buffer) => flip(bytes, 80)],
    ["of another version", "STATE_DAMAGED", (bytes: Buffer) => flip(bytes, 4)],
    ["in another order", "STATE_DAMAGED", exchangeSegments],
  ])("%s is refused", async (_name, code, forge) => {
    await using holdpoint = await serveControlPlane();
    const { id } = await holdpoint.client().states.park(Buffer.alloc(3 * MIB + 5, 1));
    const state = await forging(holdpoint, forge).states.load(id);
    const error: unknown = await state.bytes().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "DecryptionError", code });
    const reading = (async () => {
      for await (const _ of await state.stream());
    })();
    await expect(reading).rejects.toMatchObject({ name: "DecryptionError", code });
  });

  test("of another state is refused", async () => {
    await using holdpoint = await serveControlPlane();
    const hp = holdpoint.client();
    const [first, second] = [await hp.states.park("first"), await hp.states.park("other")];
    let kept: Buffer | undefined;
    const keeping = forging(holdpoint, (bytes) => {
      kept = bytes;
      return bytes;
    });
    await (await keeping.states.load(second.id)).json();
    const swapped = forging(holdpoint, () => kept ?? Buffer.alloc(0));
    const state = await swapped.states.load(first.id);
    await expect(state.json()).rejects.toMatchObject({ code: "STATE_DAMAGED" });
  });

  test("needs its client key", async () => {
    await using holdpoint = await serveControlPlane();
    const { id } = await holdpoint.client({ encryptionKey }).states.park("secret");
    for (const options of [{}, { encryptionKey: otherKey }]) {
      await expect(holdpoint.client(options).states.load(id)).rejects.toMatchObject({
        name: "DecryptionError",
        code: "STATE_KEY_MISSING",
      });
    }
    const rotated = holdpoint.client({ encryptionKey: [otherKey, encryptionKey] });
    expect(await (await rotated.states.load(id)).json()).toBe("secret");
    const plain = await holdpoint.client().states.park("plain");
    await expect(holdpoint.client({ encryptionKey }).states.load(plain.id)).rejects.toMatchObject({
      code: "PLAINTEXT_REFUSED",
    });
  });

  test.each([
    ["req_01h455vb4pex5vsknk084sn02q", "VALIDATION_FAILED"],
    ["sta_01h455vb4pex5vsknk084sn02q", "STATE_NOT_FOUND"],
  ])("does not exist as %s", async (id, code) => {
    await using holdpoint = await serveControlPlane();
    await expect(holdpoint.client().states.load(id)).rejects.toMatchObject({ code });
  });

  test.each([
    ["a Map", new Map()],
    ["a number that JSON lacks", Number.NaN],
    ["a Date inside", { at: new Date() }],
  ])("is not made of %s", async (_name, value) => {
    await using holdpoint = await serveControlPlane();
    const parking = holdpoint.client().states.park(value as never);
    await expect(parking).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  test("is not a stream of another length than was said", async () => {
    await using holdpoint = await serveControlPlane();
    const bytes = new Uint8Array(3 * MIB);
    for (const sizeBytes of [3 * MIB - 1, 3 * MIB + 1]) {
      const stream = new Blob([bytes]).stream();
      const parking = holdpoint.client().states.park(stream, { sizeBytes });
      await expect(parking).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    }
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

function exchangeSegments(bytes: Buffer): Buffer {
  const segment = MIB + 16;
  const [head, first, second, rest] = [
    bytes.subarray(0, 140),
    bytes.subarray(140, 140 + segment),
    bytes.subarray(140 + segment, 140 + 2 * segment),
    bytes.subarray(140 + 2 * segment),
  ];
  return Buffer.concat([head, second, first, rest]);
}
