import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMasterKey } from "../conformance/fixture.js";
import { MasterKeyError } from "../errors.js";
import { type SealedColumn, Vault } from "./vault.js";

const PLACE = { projectId: "prj_1", requestId: "req_1" };
const UNREADABLE = { name: "StoreError", code: "SEALED_DATA_UNREADABLE" };

function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("a sealed value", () => {
  const vault = new Vault([createMasterKey()]);
  const { seal, key } = vault.createSeal(PLACE);

  it("opens to any JSON it was made of", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const opened = vault.openSeal(PLACE, key).open("payload", seal.seal("payload", value));
        expect(JSON.stringify(opened)).toBe(text);
      }),
    );
  });

  it("is different each time", () => {
    expect(seal.seal("reason", "same")).not.toEqual(seal.seal("reason", "same"));
  });

  it("opens nowhere else", () => {
    const sealed = seal.seal("payload", 1);
    const other = vault.createSeal(PLACE).seal;
    expect(refusal(() => seal.open("patch" as SealedColumn, sealed))).toMatchObject(UNREADABLE);
    expect(refusal(() => other.open("payload", sealed))).toMatchObject(UNREADABLE);
  });

  it("does not open with any bit changed, cut or added", () => {
    const sealed = seal.seal("reason", "no");
    const damaged: Uint8Array[] = [...sealed.keys()].map((index) => {
      const copy = Uint8Array.from(sealed);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return copy;
    });
    damaged.push(sealed.subarray(0, -1), sealed.subarray(0, 5), new Uint8Array());
    for (const copy of damaged) {
      expect(refusal(() => seal.open("reason", copy))).toMatchObject(UNREADABLE);
    }
  });
});

describe("a wrapped data key", () => {
  const [first, second] = [createMasterKey(), createMasterKey()];
  const { key } = new Vault([first]).createSeal(PLACE);

  it("opens for another request or project to nobody", () => {
    const vault = new Vault([first]);
    for (const place of [
      { ...PLACE, requestId: "req_2" },
      { ...PLACE, projectId: "prj_2" },
    ]) {
      expect(refusal(() => vault.openSeal(place, key))).toMatchObject(UNREADABLE);
    }
  });

  it("is read by a previous master key and refused without it", () => {
    expect(new Vault([second, first]).openSeal(PLACE, key)).toBeDefined();
    expect(refusal(() => new Vault([second]).openSeal(PLACE, key))).toMatchObject({
      name: "MasterKeyError",
      code: "MASTER_KEY_WRONG",
    });
  });

  it("is made by the first master key", () => {
    const rotated = new Vault([second, first]);
    expect(rotated.createSeal(PLACE).key.masterKeyId).toBe(new Vault([second]).writingKeyId);
  });
});

describe("a sealed secret", () => {
  const vault = new Vault([createMasterKey()]);
  const place = ["signing_keys", "kid"];
  const secret = Buffer.from("a secret");

  it("opens at its place, and nowhere else", () => {
    const sealed = vault.sealSecret(place, secret);
    expect(vault.openSecret(place, sealed)).toEqual(secret);
    for (const other of [["signing_keys", "other"], ["other", "kid"], ["signing_keys"], []]) {
      expect(refusal(() => vault.openSecret(other, sealed))).toMatchObject(UNREADABLE);
    }
  });

  it("is refused without the master key that sealed it", () => {
    const sealed = vault.sealSecret(place, secret);
    const other = new Vault([createMasterKey()]);
    expect(refusal(() => other.openSecret(place, sealed))).toMatchObject({
      code: "MASTER_KEY_WRONG",
    });
  });
});

describe("a master key", () => {
  it.each([[[]], [[""]], [["short"]], [["A".repeat(44)]], [["/".repeat(43)]]])(
    "is refused when malformed: %j",
    (keys) => {
      const error = refusal(() => new Vault(keys));
      expect(error).toBeInstanceOf(MasterKeyError);
      expect(error).toMatchObject({ code: "MASTER_KEY_INVALID" });
    },
  );

  it("is never part of an error", () => {
    const almost = createMasterKey().slice(1);
    expect(String(refusal(() => new Vault([almost])))).not.toContain(almost);
  });
});
