import { describe, expect, it } from "vitest";
import { columns } from "./columns.js";
import { describeSchema } from "./schema.js";
import { printable, printableJson, printableLine, wrap } from "./text.js";
import { parseDuration, relativeTime } from "./time.js";

describe("printable", () => {
  it("lets nothing through that moves the cursor or turns the direction", () => {
    expect(printable("a\u001b[2Jb\r\u009b1m\u202ec\n")).toBe(
      "a\\u001b[2Jb\\u000d\\u009b1m\\u202ec\n",
    );
    expect(printableJson({ text: "\u001b[31m\u2066\u007f" })).toBe(
      '{"text":"\\u001b[31m\\u2066\\u007f"}',
    );
  });

  it("keeps one line one line, and short", () => {
    expect(printableLine("first\n  second")).toBe("first ⏎ second");
    expect(printableLine("abcdef", 4)).toBe("abc…");
  });
});

describe("wrap", () => {
  it("breaks between words, keeps paragraphs, and leaves a long word whole", () => {
    expect(wrap("one two three\n\nfour", 7)).toBe("one two\nthree\n\nfour");
    expect(wrap("a https://example.com/long b", 8)).toBe("a\nhttps://example.com/long\nb");
  });
});

describe("columns", () => {
  it("aligns, counting no colours and leaving no trailing space", () => {
    expect(
      columns([
        ["\u001b[31ma\u001b[39m", "b", "c"],
        ["long", "", ""],
      ]),
    ).toBe("\u001b[31ma\u001b[39m     b  c\nlong");
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-22T12:00:00.000Z");

  it.each([
    ["2026-11-22T12:00:00.500Z", "now"],
    ["2026-11-22T11:59:01.000Z", "59s ago"],
    ["2026-11-22T09:00:00.000Z", "3h ago"],
    ["2026-11-23T13:00:00.000Z", "in 1d"],
  ])("%s is %s", (time, expected) => {
    expect(relativeTime(time, now)).toBe(expected);
  });

  it.each([
    ["90s", 90_000],
    ["10m", 600_000],
    ["12h", 43_200_000],
    ["30d", 2_592_000_000],
    ["10", undefined],
    ["1.5h", undefined],
    ["-1h", undefined],
  ])("%s is %s ms", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});

describe("describeSchema", () => {
  it("says per property what it may be and whether it must be there", () => {
    const schema = {
      type: "object",
      required: ["database"],
      properties: {
        database: { enum: ["staging", "production"] },
        limit: { type: "integer", minimum: 1, maximum: 10, description: "rows" },
        tags: { type: "array", items: { type: "string" } },
      },
    };
    expect(describeSchema(schema)).toBe(
      [
        'database  "staging" | "production"  required',
        "limit     integer ≥ 1 ≤ 10                    rows",
        "tags      list of string",
      ].join("\n"),
    );
  });
});
