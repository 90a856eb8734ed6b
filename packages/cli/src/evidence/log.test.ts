import { expect, it } from "vitest";
import { keysUrl } from "./keys.js";
import { logPrefix } from "./log.js";

it.each([
  ["https://hp.example.com", "https://hp.example.com/v1/log", "https://hp.example.com"],
  ["https://hp.example.com/", "https://hp.example.com/v1/log", "https://hp.example.com"],
  ["https://hp.example.com/v1/log", "https://hp.example.com/v1/log", "https://hp.example.com"],
  [
    "https://hp.example.com/v1/log/checkpoint",
    "https://hp.example.com/v1/log",
    "https://hp.example.com",
  ],
  ["https://example.com/hp", "https://example.com/hp/v1/log", "https://example.com/hp"],
  ["https://example.com/hp/v1/log", "https://example.com/hp/v1/log", "https://example.com/hp"],
])("%s has its log at %s and its keys at %s", (url, prefix, base) => {
  expect(logPrefix(url)).toBe(prefix);
  expect(keysUrl(url)).toBe(`${base}/.well-known/jwks.json`);
});

it("a mirror is where it says, and keys of one's own stay as named", () => {
  expect(logPrefix("https://mirror.example.com/acme/checkpoint")).toBe(
    "https://mirror.example.com/acme",
  );
  expect(keysUrl("https://example.com/copies/keys.json")).toBe(
    "https://example.com/copies/keys.json",
  );
});
