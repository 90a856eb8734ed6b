import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CommandFailure } from "../failure.js";
import { printableLine } from "../output/text.js";
import type { Terminal } from "../terminal.js";

/** A line longer than this is no line of a ledger; a receipt's file is far smaller, too. */
const MAX_LENGTH = 1_048_576;

/** @throws {CommandFailure} `notFound` or `usage`. */
export async function readText(terminal: Terminal, path: string): Promise<string> {
  try {
    return await readFile(resolve(terminal.directory, path), "utf8");
  } catch (cause) {
    throw notReadable(path, cause);
  }
}

export function notReadable(path: string, cause: unknown): CommandFailure {
  const { code } = Object(cause) as { code?: unknown };
  return new CommandFailure({
    reason: code === "ENOENT" ? "notFound" : "usage",
    message: `Cannot read ${printableLine(path)}${typeof code === "string" ? ` (${code})` : ""}.`,
    next: "holdpoint verify --help",
    cause,
  });
}

export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandFailure({
      reason: "usage",
      message: `Expected JSON in ${printableLine(path)}, got something else.`,
      next: "holdpoint verify --help",
      cause,
    });
  }
}

/**
 * What a file holds: one JSON value, or lines of JSON of any number. `-` is standard input. Lines
 * that are no JSON come as `undefined`: where they stand matters to whoever reads them.
 */
export type Contents =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "lines"; readonly lines: AsyncIterable<unknown> };

/** Tells a ledger from a receipt by its first line, and holds no more of a ledger than that. */
export async function readContents(terminal: Terminal, path: string): Promise<Contents> {
  const input = path === "-" ? terminal.input : createReadStream(resolve(terminal.directory, path));
  const lines = splitLines(input, path);
  const first = await lines.next();
  if (first.done) return { kind: "lines", lines: only([]) };
  if (isLedgerLine(safeParse(first.value))) {
    return { kind: "lines", lines: parseLines(first.value, lines) };
  }
  let text = first.value;
  for await (const line of lines) {
    text += `\n${line}`;
    if (text.length > MAX_LENGTH) break;
  }
  return { kind: "value", value: parseJson(text, path) };
}

function isLedgerLine(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("index" in value || "skip" in value);
}

async function* parseLines(first: string, rest: AsyncIterable<string>): AsyncGenerator<unknown> {
  yield safeParse(first);
  for await (const line of rest) yield safeParse(line);
}

async function* only(values: readonly unknown[]): AsyncGenerator<unknown> {
  yield* values;
}

async function* splitLines(input: NodeJS.ReadableStream, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of input) {
      const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      yield* parts.filter((line) => line.trim() !== "");
      if (rest.length > MAX_LENGTH) throw new RangeError("A line is too long.");
    }
  } catch (cause) {
    throw notReadable(path, cause);
  }
  if (rest.trim() !== "") yield rest;
}

function safeParse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
