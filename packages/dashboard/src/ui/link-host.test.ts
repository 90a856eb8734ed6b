import { expect, it } from "vitest";
import { linkHost } from "./link-host.js";

it("names the host of a web address", () => {
  expect(linkHost("https://shop.example.com:8443/a?b")).toBe("shop.example.com:8443");
});

it("shows look-alike letters as what they are", () => {
  expect(linkHost("https://pаypal.com/")).toBe("xn--pypal-4ve.com");
});

it.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "https://google.com@evil.example/",
  "see https://example.com",
  `https://example.com/${"x".repeat(3_000)}`,
])("makes no link of %s", (text) => {
  expect(linkHost(text)).toBeUndefined();
});
