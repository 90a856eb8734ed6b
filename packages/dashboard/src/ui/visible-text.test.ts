import { expect, it } from "vitest";
import { revealUnseen, spellName, spellUnseen, unseenCodes } from "./visible-text.js";

it("shows direction marks, zero widths and controls by code point", () => {
  expect(revealUnseen("pay \u202ebob\u200b\u0007")).toEqual([
    { kind: "text", text: "pay " },
    { kind: "unseen", code: "U+202E" },
    { kind: "text", text: "bob" },
    { kind: "unseen", code: "U+200B" },
    { kind: "unseen", code: "U+0007" },
  ]);
});

it("shows characters outside the basic plane", () => {
  expect(unseenCodes("a\u{e0041}b\u{e0041}")).toEqual(["U+E0041"]);
});

it("leaves ordinary text, line breaks and tabs alone", () => {
  const text = "Zürich\n\tשלום 漢字 €";
  expect(revealUnseen(text)).toEqual([{ kind: "text", text }]);
  expect(unseenCodes(text)).toEqual([]);
});

it("spells them out where only plain text goes", () => {
  expect(spellUnseen("a\u202eb")).toBe("a[U+202E]b");
});

it("shortens names by whole characters, and says that it has", () => {
  expect(spellName("agent", 5)).toBe("agent");
  expect(spellName("👍🏽👍🏽👍🏽", 5)).toBe("👍🏽👍🏽…");
  expect(spellName("a\u202eb", 5)).toBe("a[U+…");
});
