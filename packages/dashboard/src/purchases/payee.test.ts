import { expect, it } from "vitest";
import { payeeHost } from "./payee.js";

it("names the host of domains and addresses, look-alikes in ASCII", () => {
  expect(payeeHost("https://shop.example.com/cart?x=1")).toBe("shop.example.com");
  expect(payeeHost("shop.example.com")).toBe("shop.example.com");
  expect(payeeHost("раypal.com")).toBe("xn--ypal-43d9g.com");
});

it.each([
  "DE02120300000000202051",
  "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  "Example Ltd.",
  "https://paypal.com@evil.example",
  "javascript:alert(1)",
  "ada@example.com",
])("names none for %s", (payee) => {
  expect(payeeHost(payee)).toBeUndefined();
});
