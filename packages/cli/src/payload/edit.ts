import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text as readText } from "node:stream/consumers";
import { type JsonValue, parsePointer } from "@holdpoint/protocol";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";

export interface EditOptions {
  /** A file, `-` for standard input, or JSON itself: the whole edited payload. */
  readonly patch?: string;
  /** Single values, each `path=value`, applied after `patch`. */
  readonly set?: readonly string[];
}

/** The payload as edited, or `undefined` when no edit was asked for. The original stays untouched. */
export async function editPayload(
  payload: JsonValue,
  options: EditOptions,
  terminal: Terminal,
): Promise<JsonValue | undefined> {
  const { patch, set = [] } = options;
  if (patch === undefined && set.length === 0) return undefined;
  let edited = patch === undefined ? payload : await loadPatch(patch, terminal);
  for (const assignment of set) edited = assign(edited, assignment);
  return edited;
}

async function loadPatch(patch: string, terminal: Terminal): Promise<JsonValue> {
  const text = await loadPatchText(patch, terminal);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw usage(`Expected --patch to be JSON, got ${text.length} characters that are not.`);
  }
}

async function loadPatchText(patch: string, terminal: Terminal): Promise<string> {
  if (patch === "-") return readText(terminal.input);
  if (/^\s*[[{"]/.test(patch)) return patch;
  try {
    return await readFile(resolve(terminal.directory, patch), "utf8");
  } catch {
    throw usage(`Expected --patch to be a file, - or JSON, and cannot read a file ${patch}.`);
  }
}

/**
 * Sets one value. The path is a JSON Pointer (`/limits/0/amount`) or keys with dots; the value is
 * JSON, and what is not JSON is text.
 */
export function assign(payload: JsonValue, assignment: string): JsonValue {
  const separator = assignment.indexOf("=");
  if (separator < 1) throw usage("Expected --set as path=value, for example --set limit=10.");
  const path = assignment.slice(0, separator);
  return replace(payload, parsePath(path), parseValue(assignment.slice(separator + 1)), path);
}

function parsePath(path: string): readonly string[] {
  return path.startsWith("/") ? parsePointer(path) : path.split(".");
}

function parseValue(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function replace(
  target: JsonValue | undefined,
  [key, ...rest]: readonly string[],
  value: JsonValue,
  path: string,
): JsonValue {
  if (key === undefined) return value;
  if (Array.isArray(target)) {
    const index = Number(key);
    if (!/^\d+$/.test(key) || index > target.length) {
      throw usage(`Expected ${path} to name a list item from 0 to ${target.length}.`);
    }
    return Object.assign([...target], { [index]: replace(target[index], rest, value, path) });
  }
  if (typeof target !== "object" || target === null) {
    throw usage(`Expected ${path} to lead through objects and lists of the payload.`);
  }
  // `fromEntries` makes own properties only, so no key can reach a prototype.
  const entries = new Map(Object.entries(target));
  entries.set(key, replace(entries.get(key), rest, value, path));
  return Object.fromEntries(entries);
}

function usage(message: string): CommandFailure {
  return new CommandFailure({
    reason: "usage",
    message,
    next: "holdpoint requests approve --help",
  });
}
