import { describe, expect, it } from "vitest";
import { originOf, signCheckpoint, signNote, verifierKeyOf } from "./checkpoint.js";
import { openSigner } from "./signing-key.js";

/** The key and note of golang.org/x/mod/sumdb/note, whose format C2SP signed-note specifies. */
const seed = Buffer.from("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "base64").subarray(1);
const publicKey = Buffer.from("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "base64").subarray(1);
const signer = openSigner({ kid: "", publicKey, seed });

describe("a signed note", () => {
  it("is the reference implementation's, byte for byte", () => {
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    expect(signNote(signer, "PeterNeumann", text)).toBe(
      `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
    );
  });

  it("is verified by a key of the reference's form", () => {
    expect(verifierKeyOf("PeterNeumann", publicKey)).toBe(
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    );
  });

  it("says origin, size and root in a checkpoint, and nothing else", () => {
    const note = signCheckpoint(signer, {
      origin: "example.com/v1/log",
      size: 70_000,
      root: Buffer.alloc(32, 7),
    });
    const root = Buffer.alloc(32, 7).toString("base64");
    expect(note.split("\n\n")[0]).toBe(`example.com/v1/log\n70000\n${root}`);
    expect(note).toMatch(/\n\n— example\.com\/v1\/log [A-Za-z0-9+/]{91}=\n$/);
  });
});

it.each([
  ["https://hold.example.com", "hold.example.com/v1/log"],
  ["http://localhost:4040", "localhost:4040/v1/log"],
  ["https://example.com/teams/a+b", "example.com/teams/a%2Bb/v1/log"],
  ["https://example.com/two words", "example.com/two%20words/v1/log"],
])("the log at %s is called %s", (publicUrl, origin) => {
  expect(originOf(publicUrl)).toBe(origin);
});
