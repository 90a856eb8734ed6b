import {
  applyEdits,
  createScanner,
  type FormattingOptions,
  findNodeAtLocation,
  type JSONPath,
  modify,
  type Node,
  parseTree,
} from "jsonc-parser";

/**
 * Sets a value, or adds it before its neighbours: after the last of them it would come between
 * that one and the comment behind it.
 */
export function put(text: string, path: JSONPath, value: unknown): string {
  const source = text.trim() === "" ? "{}" : text;
  const edits = modify(source, path, value, {
    formattingOptions: formattingOf(text),
    getInsertionIndex: () => 0,
    isArrayInsertion: true,
  });
  const edited = applyEdits(source, edits);
  return source === text ? edited : `${edited}\n`;
}

/**
 * Takes one property or list item out, with its comma and the lines it filled. The parser's own
 * removal takes the comments up to the next neighbour with it.
 */
export function cut(text: string, path: JSONPath): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const value = root && findNodeAtLocation(root, path);
  if (value === undefined) return text;
  const node = value.parent?.type === "property" ? value.parent : value;
  const siblings = node.parent?.children ?? [];
  const previous = siblings[siblings.indexOf(node) - 1];
  const after = commaAfter(text, node);
  const without = cutLines(text, node.offset, after === undefined ? endOf(node) : after + 1);
  const before = after === undefined && previous ? commaAfter(text, previous) : undefined;
  return before === undefined ? without : without.slice(0, before) + without.slice(before + 1);
}

function commaAfter(text: string, node: Node): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(endOf(node));
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return text[offset] === "," ? offset : undefined;
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function cutLines(text: string, from: number, to: number): string {
  const [indent = ""] = /[ \t]*$/.exec(text.slice(0, from)) ?? [];
  const [rest] = /^[ \t]*\r?\n/.exec(text.slice(to)) ?? [];
  const start = from - indent.length;
  const whole = rest !== undefined && (start === 0 || text[start - 1] === "\n");
  return whole
    ? text.slice(0, start) + text.slice(to + rest.length)
    : text.slice(0, from) + text.slice(to);
}

/** As the file is indented. The first property of an indented file stands one level in. */
function formattingOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
