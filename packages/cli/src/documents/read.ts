import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text as readStream } from "node:stream/consumers";
import { parsePointer } from "@holdpoint/protocol";
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { CommandFailure } from "../failure.js";
import { printableLine } from "../output/text.js";
import type { Terminal } from "../terminal.js";

/** A place in a text, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a YAML or JSON file holds, and where. */
export interface ReadDocument {
  readonly path: string;
  readonly value: unknown;
  /** Where the value of a JSON Pointer stands, or else the nearest that is around it. */
  placeOf(pointer: string): Place;
}

/** Why a text is neither YAML nor JSON, and where. */
export interface DocumentFault extends Place {
  readonly path: string;
  readonly message: string;
}

/**
 * The text of a file; `-` is standard input.
 *
 * @throws {CommandFailure} `notFound` or `usage`.
 */
export async function readFileText(terminal: Terminal, path: string): Promise<string> {
  if (path === "-") return readStream(terminal.input);
  try {
    return await readFile(resolve(terminal.directory, path), "utf8");
  } catch (cause) {
    const { code } = Object(cause) as { code?: unknown };
    throw new CommandFailure({
      reason: code === "ENOENT" ? "notFound" : "usage",
      message: `Cannot read ${printableLine(path)}${typeof code === "string" ? ` (${code})` : ""}.`,
      cause,
    });
  }
}

/** Reads YAML 1.2, of which JSON is a part; answers what is wrong with it where it is neither. */
export function parseDocumentText(path: string, text: string): ReadDocument | DocumentFault {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2" });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    // The first line says what is wrong; those below it show the text again.
    return { path, line, column: col, message: error.message.replace(/ at line.*$/s, ".") };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { path, value, placeOf: (pointer) => placeOf(document, lines, pointer) };
  } catch (cause) {
    return { path, line: 1, column: 1, message: cause instanceof Error ? cause.message : "" };
  }
}

export function isFault(read: ReadDocument | DocumentFault): read is DocumentFault {
  return "message" in read;
}

function placeOf(document: Document, lines: LineCounter, pointer: string): Place {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of parsePointer(pointer)) {
    const found = step(node, key);
    if (found === undefined) break;
    node = found.node;
    offset = found.offset;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** A member of an object stands where its key does. */
function step(node: unknown, key: string): { node: unknown; offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key: name }) => isScalar(name) && String(name.value) === key);
    const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    return pair && offset !== undefined ? { node: pair.value, offset } : undefined;
  }
  if (!isSeq(node)) return undefined;
  const item = node.items[Number(key)];
  const range = (item as { range?: readonly number[] } | undefined)?.range;
  return range?.[0] === undefined ? undefined : { node: item, offset: range[0] };
}
