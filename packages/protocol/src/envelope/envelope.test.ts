import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../json.js";
import { EnvelopeOpenError, importEnvelopeKey, openEnvelope, sealEnvelope } from "./index.js";
import { type EnvelopeBinding, inspectEnvelope, isEnvelope } from "./shape.js";

const keyText = Buffer.alloc(32, 7).toString("base64url");
const binding: EnvelopeBinding = {
  projectId: "prj_01h455vb4pex5vsknk084sn02q",
  requestId: "req_01h5fskfsk4fpeqwnsyz5hj55t",
  field: "payload",
};
const canary = "canary-4c9f";

describe("sealEnvelope", () => {
  test("openEnvelope gives back any JSON value", async () => {
    const key = await importEnvelopeKey(keyText);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const json = JSON.parse(JSON.stringify(value)) as JsonValue;
        const envelope = await sealEnvelope(json, binding, key);
        expect(isEnvelope(envelope)).toBe(true);
        expect(inspectEnvelope(envelope, binding)).toEqual({ ok: true, keyId: key.keyId });
        expect(await openEnvelope(envelope, binding, [key])).toEqual(json);
      }),
    );
  });

  test("[G6] leaves nothing readable of the payload, and never repeats an IV", async () => {
    const key = await importEnvelopeKey(keyText);
    const sealed = await Promise.all(
      Array.from({ length: 50 }, () => sealEnvelope({ [canary]: canary }, binding, key)),
    );
    const decoded = sealed.flatMap((envelope) =>
      Object.values(envelope).map((text: string) =>
        Buffer.from(text, "base64url").toString("latin1"),
      ),
    );
    expect(decoded.join()).not.toContain(canary);
    expect(new Set(sealed.map(({ iv }) => iv)).size).toBe(sealed.length);
  });

  test.each([[undefined], [() => 1], [Symbol("x")]])("refuses %s", async (value) => {
    const key = await importEnvelopeKey(keyText);
    await expect(sealEnvelope(value as unknown as JsonValue, binding, key)).rejects.toThrow(
      TypeError,
    );
  });
});

describe("openEnvelope", () => {
  test("picks the key by its id, so that old keys still read", async () => {
    const older = await importEnvelopeKey(Buffer.alloc(32, 1).toString("base64url"));
    const newer = await importEnvelopeKey(keyText);
    const envelope = await sealEnvelope({ a: 1 }, binding, older);
    expect(await openEnvelope(envelope, binding, [newer, older])).toEqual({ a: 1 });
    await expect(openEnvelope(envelope, binding, [newer])).rejects.toMatchObject({
      fault: "unknown_key",
    });
    await expect(openEnvelope(envelope, binding, [])).rejects.toMatchObject({
      fault: "unknown_key",
    });
  });

  test("[G4] no changed character anywhere opens, and no message tells the payload", async () => {
    const key = await importEnvelopeKey(keyText);
    const envelope = await sealEnvelope({ secret: canary }, binding, key);
    const members = Object.keys(envelope) as (keyof typeof envelope)[];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...members),
        fc.nat(),
        fc.constantFrom(..."ABCwxyz0189-_", "", "=", "\n", "%"),
        async (member, position, character) => {
          const text = envelope[member];
          const at = position % text.length;
          const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
          fc.pre(changed !== text);
          const opening = openEnvelope({ ...envelope, [member]: changed }, binding, [key]);
          const error: unknown = await opening.catch((thrown: unknown) => thrown);
          expect(error).toBeInstanceOf(EnvelopeOpenError);
          expect(String(error)).not.toContain(canary);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("[G4] rejects anything else with a fault, never another error", async () => {
    const key = await importEnvelopeKey(keyText);
    const text = fc.oneof(fc.string(), fc.base64String(), fc.constant("A"), fc.constant("e30"));
    const lookalike = fc.record({
      protected: text,
      aad: text,
      iv: text,
      ciphertext: text,
      tag: text,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), lookalike), async (value) => {
        await expect(openEnvelope(value, binding, [key])).rejects.toBeInstanceOf(EnvelopeOpenError);
        expect(inspectEnvelope(value, binding).ok).toBe(false);
      }),
    );
  });
});

describe("importEnvelopeKey", () => {
  test.each([
    ["31 bytes", Buffer.alloc(31, 7).toString("base64url")],
    ["33 bytes", Buffer.alloc(33, 7).toString("base64url")],
    ["padding", `${keyText}=`],
    ["a line break", `${keyText}\n`],
    ["standard base64", `${keyText.slice(0, 42)}+`],
    ["bits left over, a second writing of the same key", `${keyText.slice(0, 42)}d`],
    ["nothing", ""],
  ])("refuses %s without telling the key", async (_name, text) => {
    const error: unknown = await importEnvelopeKey(text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    if (text !== "") expect(String(error)).not.toContain(text.slice(0, 20));
  });

  test("the key cannot be taken out again", async () => {
    const { secret } = await importEnvelopeKey(keyText);
    await expect(crypto.subtle.exportKey("raw", secret)).rejects.toThrow();
  });
});
