/**
 * Makes text that others wrote safe to print: control and direction characters, with which it
 * could move the cursor or imitate our own output, appear as escapes. Line feeds stay.
 */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same on one line, cut to `maxLength` characters. */
export function printableLine(text: string, maxLength = 120): string {
  const line = printable(text.replaceAll(/\s*\n\s*/g, " ⏎ "));
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

export function printableJson(value: unknown, indent?: number): string {
  return printable(JSON.stringify(value, null, indent) ?? "");
}

/** Shifts every line to the right. */
export function indent(text: string, columns = 2): string {
  return text.replaceAll(/^/gm, " ".repeat(columns));
}

/** Breaks paragraphs into lines of at most `width` characters; a longer word keeps a line to itself. */
export function wrap(text: string, width = 76): string {
  return text
    .split("\n")
    .map((paragraph) => {
      const lines: string[] = [];
      for (const word of paragraph.split(" ")) {
        const last = lines.at(-1);
        const longer = `${last} ${word}`;
        if (last !== undefined && longer.length <= width) lines[lines.length - 1] = longer;
        else lines.push(word);
      }
      return lines.join("\n");
    })
    .join("\n");
}
