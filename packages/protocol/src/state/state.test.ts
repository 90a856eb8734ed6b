import { createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../limits.js";
import {
  type ByteSource,
  decryptState,
  encryptedStateBytes,
  encryptState,
  STATE_SEGMENT_BYTES,
  type StateFault,
  StateOpenError,
} from "./index.js";

const binding = {
  projectId: "prj_01h455vb4pex5vsknk084sn02q",
  stateId: "sta_01h5fskfsk4fpeqwnsyz5hj55t",
};
const HEADER = 140;
const SEGMENT = 64;
const key = Buffer.alloc(32, 7);

function seal(source: ByteSource, overrides: object = {}): Promise<Buffer> {
  const options = {
    ...binding,
    key,
    salt: randomBytes(32),
    noncePrefix: randomBytes(7),
    segmentBytes: SEGMENT,
    ...overrides,
  };
  return collect(encryptState(source, options));
}

function open(source: ByteSource, overrides: object = {}): Promise<Buffer> {
  return collect(decryptState(source, { ...binding, key, ...overrides }));
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function faultOf(opening: Promise<unknown>): Promise<StateFault> {
  const error: unknown = await opening.then(
    () => new Error("It opened."),
    (thrown: unknown) => thrown,
  );
  if (error instanceof StateOpenError) return error.fault;
  throw error;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  // One buffer for all, as some readers of files have.
  const shared = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    shared.set(piece);
    yield shared.subarray(0, piece.length);
  }
}

const segmentAt = (sealed: Buffer, index: number) => {
  const begin = HEADER + index * (SEGMENT + 16);
  return sealed.subarray(begin, begin + SEGMENT + 16);
};

describe("encryptState", () => {
  test.each([0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 1_000])(
    "%i bytes come back, and take as many bytes as foretold",
    async (length) => {
      const plaintext = randomBytes(length);
      const sealed = await seal(plaintext);
      expect(sealed.length).toBe(encryptedStateBytes(length, SEGMENT));
      expect(await open(sealed)).toEqual(plaintext);
      expect(await open(sealed, { encryptedBytes: sealed.length })).toEqual(plaintext);
    },
  );

  test.each([STATE_SEGMENT_BYTES - 1, STATE_SEGMENT_BYTES, STATE_SEGMENT_BYTES + 1])(
    "%i bytes in segments of the usual size",
    async (length) => {
      const plaintext = randomBytes(length);
      const sealed = await seal(plaintext, { segmentBytes: undefined });
      expect(sealed.length).toBe(encryptedStateBytes(length));
      expect((await open(sealed)).equals(plaintext)).toBe(true);
    },
  );

  test("the pieces a source comes in change nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 500 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        async (plaintext, written, read) => {
          const random = { salt: Buffer.alloc(32, 1), noncePrefix: Buffer.alloc(7, 2) };
          const whole = await seal(plaintext, random);
          expect(await seal(inPieces(plaintext, written), random)).toEqual(whole);
          expect(await seal(new Blob([plaintext]).stream(), random)).toEqual(whole);
          expect(await open(inPieces(whole, read))).toEqual(Buffer.from(plaintext));
        },
      ),
    );
  });

  test("is what its specification says, read with another library", async () => {
    const plaintext = randomBytes(100);
    const sealed = await seal(plaintext);
    const [fields, salt, prefix] = [
      sealed.subarray(0, 108),
      sealed.subarray(69, 101),
      sealed.subarray(101, 108),
    ];
    const derive = (label: string) =>
      Buffer.from(hkdfSync("sha256", key, salt, Buffer.concat([Buffer.from(label), fields]), 32));
    expect(sealed.subarray(108, 140)).toEqual(derive("holdpoint.state.v1.header"));
    expect(fields.toString("latin1", 0, 69)).toBe(
      `HPST\u0001\0\0\0@${binding.projectId}${binding.stateId}`,
    );
    const segmentKey = derive("holdpoint.state.v1.segments");
    const opened = [0, 1].map((index) => {
      const segment = segmentAt(sealed, index);
      const nonce = Buffer.concat([prefix, Buffer.from([0, 0, 0, index, index])]);
      const decipher = createDecipheriv("aes-256-gcm", segmentKey, nonce).setAuthTag(
        segment.subarray(-16),
      );
      return Buffer.concat([decipher.update(segment.subarray(0, -16)), decipher.final()]);
    });
    expect(Buffer.concat(opened)).toEqual(plaintext);
  });

  test("[G6] leaves nothing readable of what is parked", async () => {
    const canary = "canary-4c9f".repeat(50);
    expect((await seal(Buffer.from(canary))).toString("latin1")).not.toContain("canary");
  });

  test.each([
    ["a short key", { key: Buffer.alloc(31) }, TypeError],
    ["a short salt", { salt: Buffer.alloc(16) }, TypeError],
    ["a long prefix", { noncePrefix: Buffer.alloc(8) }, TypeError],
    ["another kind of id", { stateId: binding.projectId }, TypeError],
    ["segments of nothing", { segmentBytes: 0 }, RangeError],
    ["segments beyond the bound", { segmentBytes: STATE_SEGMENT_BYTES + 1 }, RangeError],
  ])("refuses %s at once", (_name, overrides, type) => {
    const options = { ...binding, key, salt: Buffer.alloc(32), noncePrefix: Buffer.alloc(7) };
    expect(() => encryptState(Buffer.alloc(0), { ...options, ...overrides })).toThrow(type);
  });

  test("fails with what its source failed with, and cancels what is left early", async () => {
    const failure = new Error("disk");
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(200);
      throw failure;
    }
    await expect(seal(failing())).rejects.toBe(failure);
    const texts = (async function* () {
      yield "text";
    })() as unknown as AsyncIterable<Uint8Array>;
    await expect(seal(texts)).rejects.toThrow(TypeError);

    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel() {
        cancelled = true;
      },
    });
    const options = { ...binding, key, salt: Buffer.alloc(32), noncePrefix: Buffer.alloc(7) };
    const reader = encryptState(endless, options).getReader();
    await reader.read();
    await reader.cancel();
    expect(cancelled).toBe(true);
  });

  test("has one segment size with the limits", () => {
    expect(STATE_SEGMENT_BYTES).toBe(LIMITS.stateSegmentBytes);
    expect(encryptedStateBytes(1_073_741_824)).toBeLessThan(LIMITS.stateBytes);
  });
});

describe("[G4] decryptState refuses", () => {
  const plaintext = randomBytes(3 * SEGMENT + 10);

  test("another key", async () => {
    const sealed = await seal(plaintext);
    expect(await faultOf(open(sealed, { key: Buffer.alloc(32, 8) }))).toBe("wrong_key");
    expect(() => decryptState(sealed, { ...binding, key: Buffer.alloc(0) })).toThrow(TypeError);
  });

  test("another project's or another state's place", async () => {
    const sealed = await seal(plaintext);
    const elsewhere = ["projectId", "stateId"].map((name) => {
      const id = binding[name as keyof typeof binding];
      return { [name]: `${id.slice(0, -1)}z` };
    });
    for (const place of elsewhere) {
      expect(await faultOf(open(sealed, place))).toBe("wrong_place");
      // Written over in the header, too.
      const id = Object.values(place)[0] ?? "";
      const moved = Buffer.from(sealed);
      moved.write(id, "projectId" in place ? 9 : 39);
      expect(await faultOf(open(moved, place))).toBe("wrong_key");
    }
  });

  test("one that ends early, at a segment's boundary or anywhere", async () => {
    const sealed = await seal(plaintext);
    const whole = { encryptedBytes: sealed.length };
    for (let length = 0; length < sealed.length; length++) {
      const cut = sealed.subarray(0, length);
      expect(await faultOf(open(cut, whole))).toBe("truncated");
      const isBoundary = length < HEADER || (length - HEADER) % (SEGMENT + 16) < 16;
      expect(await faultOf(open(cut))).toBe(isBoundary ? "truncated" : "not_authentic");
    }
  });

  test("bytes after the end", async () => {
    for (const size of [3 * SEGMENT, 3 * SEGMENT + 10]) {
      const sealed = await seal(randomBytes(size));
      for (const more of [1, 16, SEGMENT + 16, 500]) {
        const longer = Buffer.concat([sealed, randomBytes(more)]);
        const fault = await faultOf(open(longer, { encryptedBytes: sealed.length }));
        expect(fault).toBe("trailing_bytes");
        const blind = size % SEGMENT === 0 ? "trailing_bytes" : "not_authentic";
        expect(await faultOf(open(longer))).toBe(blind);
      }
    }
  });

  test("segments in another order, left out, or sent twice", async () => {
    const sealed = await seal(plaintext);
    const [a, b, c, d] = [0, 1, 2, 3].map((index) => segmentAt(sealed, index)) as Buffer[];
    const header = sealed.subarray(0, HEADER);
    for (const order of [
      [b, a, c, d],
      [a, c, b, d],
      [b, c, d],
      [a, c, d],
      [a, b, d],
      [a, a, b, c, d],
      [a, b, c, c, d],
    ]) {
      const mixed = Buffer.concat([header, ...(order as Buffer[])]);
      expect(await faultOf(open(mixed))).toBe("not_authentic");
    }
  });

  test("segments of another state, or of the same one encrypted again", async () => {
    const sealed = await seal(plaintext);
    const others = [
      await seal(plaintext),
      await seal(plaintext, { stateId: `${binding.stateId.slice(0, -1)}z` }),
    ];
    for (const other of others) {
      const spliced = Buffer.from(sealed);
      segmentAt(other, 1).copy(segmentAt(spliced, 1));
      expect(await faultOf(open(spliced))).toBe("not_authentic");
    }
  });

  test("any changed bit", async () => {
    const sealed = await seal(plaintext);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        const fault = await faultOf(open(changed));
        if (at < 4) expect(fault).toBe("not_a_state");
        else if (at === 4) expect(fault).toBe("unknown_version");
        else if (at < 9) expect(["not_a_state", "wrong_key"]).toContain(fault);
        else if (at < 69) expect(fault).toBe("wrong_place");
        else if (at < HEADER) expect(fault).toBe("wrong_key");
        else expect(fault).toBe("not_authentic");
      }),
      { numRuns: 500 },
    );
  });

  test("an empty segment at the end, which no writer makes", async () => {
    const sealed = await seal(randomBytes(SEGMENT));
    expect(await faultOf(open(Buffer.concat([sealed, Buffer.alloc(16)])))).toBe("trailing_bytes");
  });

  test("what is no state at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const fault = await faultOf(open(bytes));
        expect(fault).toBe(bytes.length < HEADER ? "truncated" : "not_a_state");
      }),
    );
  });
});
