// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { addKey, EMPTY_KEY_RING, keepKeyRing, loadKeyRing, removeKey } from "./key-ring.js";

const text = "A".repeat(43);

beforeEach(() => sessionStorage.clear());

it("keeps keys for this tab and loads them again", async () => {
  keepKeyRing(await addKey(EMPTY_KEY_RING, ` ${text}\n`), sessionStorage);
  const ring = await loadKeyRing(sessionStorage);
  expect(ring.texts).toEqual([text]);
  expect(ring.keys).toHaveLength(1);
});

it("holds a key once", async () => {
  const ring = await addKey(await addKey(EMPTY_KEY_RING, text), text);
  expect(ring.keys).toHaveLength(1);
});

it("forgets a key, also in storage", async () => {
  const ring = await addKey(EMPTY_KEY_RING, text);
  const empty = removeKey(ring, ring.keys[0]?.keyId ?? "");
  keepKeyRing(empty, sessionStorage);
  expect(empty.texts).toEqual([]);
  expect(sessionStorage.length).toBe(0);
});

it("refuses what is not a key, without repeating it", async () => {
  const failure: unknown = await addKey(EMPTY_KEY_RING, "my secret").catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TypeError);
  expect(String(failure)).not.toContain("my secret");
});

it("drops what does not read as a key", async () => {
  sessionStorage.setItem("holdpoint.encryptionKeys", JSON.stringify(["nonsense", 7, text]));
  expect((await loadKeyRing(sessionStorage)).texts).toEqual([text]);
  sessionStorage.setItem("holdpoint.encryptionKeys", "{");
  expect(await loadKeyRing(sessionStorage)).toEqual(EMPTY_KEY_RING);
});
