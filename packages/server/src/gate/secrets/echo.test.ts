import { describe, expect, it } from "vitest";
import { codeOfFault } from "../testing/runner.js";
import { createEchoFilter } from "./echo.js";

const SECRET = 'sk_live_"5f&1c/9e+é';

describe("[P-GATE-SECRET] a secret that a service repeats", () => {
  const echo = createEchoFilter([SECRET]);

  it.each<[string, string]>([
    ["as it is", SECRET],
    ["in a URL", encodeURIComponent(SECRET)],
    ["in a URL, in lower case", encodeURIComponent(SECRET).toLowerCase()],
    ["in a form", new URLSearchParams({ a: SECRET }).toString().slice(2)],
    ["in JSON", JSON.stringify(SECRET).slice(1, -1)],
    ["in HTML", SECRET.replaceAll("&", "&amp;").replaceAll('"', "&quot;")],
    ["as hex", Buffer.from(SECRET, "latin1").toString("hex")],
    ["as base64", Buffer.from(SECRET).toString("base64").replaceAll("=", "")],
    ["as base64url", Buffer.from(SECRET).toString("base64url")],
  ])("%s, is taken out", (_name, form) => {
    const text = echo.inText(`before ${form} after`);
    expect(text).toContain("[redacted]");
    expect(text).not.toContain(form);
    expect(text).toMatch(/^before .* after$/);
  });

  it.each(["", "a", "ab", "abc"])("is taken out of base64 that has %j before it", (before) => {
    const text = Buffer.from(`${before}:${SECRET}:`).toString("base64");
    expect(echo.inText(text)).toContain("[redacted]");
  });

  it("is taken out of names, deep inside, of numbers and of bytes", () => {
    const filter = createEchoFilter(["12345678"]);
    expect(filter.inJson({ a: [{ x12345678: 12345678 }], b: 1.5 })).toEqual({
      a: [{ "x[redacted]": "[redacted]" }],
      b: 1.5,
    });
    expect(filter.inBytes(Buffer.from("\u000012345678")).toString()).toBe("\u0000[redacted]");
  });

  it("is taken out as user and password, where it is kept as base64 of them", () => {
    const filter = createEchoFilter([Buffer.from("ada:lovelace").toString("base64")]);
    expect(filter.inText("no such user ada:lovelace")).toBe("no such user [redacted]");
  });

  it("leaves alone what is none, and all where there is no secret", () => {
    expect(echo.inText("sk_live_")).toBe("sk_live_");
    expect(createEchoFilter([]).inJson({ a: ["b", 1, null, true] })).toEqual({
      a: ["b", 1, null, true],
    });
  });
});

describe("an answer that JSON can read, and not say again", () => {
  const echo = createEchoFilter([]);

  it("is refused", () => {
    expect(codeOfFault(() => echo.inJson(JSON.parse("[1e999]")))).toBe("response_invalid");
    const deep = JSON.parse(`${"[".repeat(65)}1${"]".repeat(65)}`);
    expect(codeOfFault(() => echo.inJson(deep))).toBe("response_invalid");
  });

  it("is put right, where it is half a surrogate pair", () => {
    expect(echo.inJson(JSON.parse('"a\\ud800b\\ud83d\\ude00"'))).toBe("a\ufffdb😀");
  });
});
