import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { digestText, proofUrlOf } from "./proof.js";

describe("proofUrlOf", () => {
  test.each([
    ["https://host.example/v1/actions?limit=2#top", "https://host.example/v1/actions"],
    ["HTTPS://HOST.Example/Path", "https://host.example/Path"],
    ["https://host.example:443/v1", "https://host.example/v1"],
    ["http://host.example:80/v1", "http://host.example/v1"],
    ["https://host.example:8443/v1", "https://host.example:8443/v1"],
    ["http://host.example:443/v1", "http://host.example:443/v1"],
    ["https://host.example/a%2Fb", "https://host.example/a%2Fb"],
    ["https://host.example", "https://host.example/"],
    ["http://[::1]:4747/v1", "http://[::1]:4747/v1"],
  ])("%s is %s", (url, expected) => {
    expect(proofUrlOf(url)).toBe(expected);
  });

  test.each(["", "/v1/actions", "host.example/v1"])("%j is no URL of a proof", (text) => {
    expect(() => proofUrlOf(text)).toThrow(TypeError);
  });
});

describe("digestText", () => {
  test.each(["", "{}", '{"text":"grüße 😀"}', "x".repeat(300_000)])(
    "is the base64url of SHA-256, of %j",
    async (text) => {
      const expected = createHash("sha256").update(text, "utf8").digest("base64url");
      expect(await digestText(text)).toBe(expected);
    },
  );

  test("is the `ath` of RFC 9449 §7.1 for its access token", async () => {
    const token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    expect(await digestText(token)).toBe("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
  });
});
