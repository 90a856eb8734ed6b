/** Control, direction, zero-width and other characters that change text without being seen. */
const UNSEEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
];

function isUnseen(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return UNSEEN.some(([first, last]) => code >= first && code <= last);
}

export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unseen"; readonly code: string };

/** Splits text so that characters one cannot see can be shown by their code point. */
export function revealUnseen(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let plain = "";
  for (const character of text) {
    if (!isUnseen(character)) {
      plain += character;
      continue;
    }
    if (plain !== "") parts.push({ kind: "text", text: plain });
    plain = "";
    parts.push({ kind: "unseen", code: codeOf(character) });
  }
  if (plain !== "" || parts.length === 0) parts.push({ kind: "text", text: plain });
  return parts;
}

/** The code points of the unseen characters in a text, each once, for example `U+202E`. */
export function unseenCodes(text: string): readonly string[] {
  const codes = [...text].filter(isUnseen).map(codeOf);
  return [...new Set(codes)];
}

/** The text with unseen characters spelled out, for places that take plain text only. */
export function spellUnseen(text: string): string {
  return revealUnseen(text)
    .map((part) => (part.kind === "text" ? part.text : `[${part.code}]`))
    .join("");
}

/** The same of a name somebody gave, in `maxLength` characters at most, an ellipsis among them. */
export function spellName(name: string, maxLength: number): string {
  const characters = [...spellUnseen(name)];
  if (characters.length <= maxLength) return characters.join("");
  return `${characters.slice(0, maxLength - 1).join("")}…`;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
