import { isEnvelope, type WireRequest } from "@holdpoint/protocol";
import { describe, expect, test } from "vitest";
import { DecryptionError, EncryptionError } from "../errors/encryption.js";
import { KEY, OTHER_KEY, PROJECT_ID, REQUEST_ID, wireRequest } from "../test-kit/fixtures.js";
import { Cipher } from "./cipher.js";

const PAYLOAD = { sql: "DROP TABLE users" };
const writer = new Cipher(PROJECT_ID, [KEY]);
const sealed = (await writer.seal(PAYLOAD, REQUEST_ID, "payload")) as object;
const encrypted: WireRequest = wireRequest({ encrypted: true });
const OTHER_REQUEST = "req_01h455vb4pex5vsknk084sn02r";
const OTHER_PROJECT = "prj_01h455vb4pex5vsknk084sn02r";

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no failure",
    (error: unknown) => error,
  );
}

describe("a cipher with keys", () => {
  test("seals what only the key opens", async () => {
    expect(isEnvelope(sealed)).toBe(true);
    expect(JSON.stringify(sealed)).not.toContain("DROP");
    expect(await writer.open(encrypted, sealed, "payload")).toEqual(PAYLOAD);
  });

  test("reads with every key and writes with the first: rotation", async () => {
    const rotated = new Cipher(PROJECT_ID, [OTHER_KEY, KEY]);
    const old = await writer.seal(PAYLOAD, REQUEST_ID, "payload");
    expect(await rotated.open(encrypted, old, "payload")).toEqual(PAYLOAD);
    const fresh = await rotated.seal(PAYLOAD, REQUEST_ID, "payload");
    expect(await failure(writer.open(encrypted, fresh, "payload"))).toMatchObject({
      code: "DECRYPTION_KEY_MISSING",
    });
  });

  test("[G4] refuses ciphertext of another request, project or field", async () => {
    const elsewhere = [
      await writer.seal(PAYLOAD, OTHER_REQUEST, "payload"),
      await writer.seal(PAYLOAD, REQUEST_ID, "patch"),
      await new Cipher(OTHER_PROJECT, [KEY]).seal(PAYLOAD, REQUEST_ID, "payload"),
    ];
    for (const envelope of elsewhere) {
      const error = await failure(writer.open(encrypted, envelope, "payload"));
      expect(error).toBeInstanceOf(DecryptionError);
      expect(error).toMatchObject({ code: "DECRYPTION_FAILED", requestId: REQUEST_ID });
    }
  });

  test.each<[string, unknown]>([
    ["plaintext in an encrypted request", PAYLOAD],
    ["nothing", undefined],
    ["an envelope with a member too many", { ...sealed, x: "1" }],
    ["changed ciphertext", { ...sealed, ciphertext: "AA" }],
  ])("[G4] refuses %s", async (_name, value) => {
    const error = await failure(writer.open(encrypted, value, "payload"));
    expect(error).toBeInstanceOf(DecryptionError);
    expect(error).toMatchObject({ code: "DECRYPTION_FAILED", retryable: false });
    expect(String((error as Error).message)).not.toContain("DROP");
  });

  test("[G4] refuses a request that says it is not encrypted", async () => {
    const error = await failure(writer.open(wireRequest(), PAYLOAD, "payload"));
    expect(error).toBeInstanceOf(DecryptionError);
    expect(error).toMatchObject({ code: "PLAINTEXT_REFUSED" });
  });

  test("says so when it cannot seal", async () => {
    const broken = new Cipher(PROJECT_ID, ["not a key"]);
    const error = await failure(broken.seal(PAYLOAD, REQUEST_ID, "payload"));
    expect(error).toBeInstanceOf(EncryptionError);
    expect(error).toMatchObject({ code: "ENCRYPTION_FAILED" });
  });
});

describe("a cipher without keys", () => {
  const plain = new Cipher(PROJECT_ID, []);

  test("hands plaintext through and refuses ciphertext", async () => {
    expect(plain.enabled).toBe(false);
    expect(await plain.open(wireRequest(), PAYLOAD, "payload")).toBe(PAYLOAD);
    expect(await failure(plain.open(encrypted, sealed, "payload"))).toMatchObject({
      code: "DECRYPTION_KEY_MISSING",
    });
  });
});
