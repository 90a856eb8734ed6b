import { isDeepStrictEqual } from "node:util";
import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { CommandFailure } from "../../failure.js";
import type { PromptInput } from "./clients.js";
import { type Entry, isOurs } from "./entry.js";
import { cut, put } from "./jsonc.js";
import type { Target } from "./target.js";

export type Change = "added" | "replaced" | "removed" | "unchanged";

/** The text a file should have, and what that changes. */
export interface Edited {
  readonly text: string;
  readonly change: Change;
}

/**
 * Puts the entry of our server into the text of a client's configuration and leaves the rest as it
 * is, comments included.
 *
 * @throws {CommandFailure} `usage` when the text is not what the client reads, `conflict` when
 *   something else has the name and `force` is not set.
 */
export function putEntry(
  text: string,
  target: Target,
  { entry, force }: { readonly entry: Entry; readonly force: boolean },
): Edited {
  const { section, name, root } = read(text, target);
  const present = valueAt(root, [section, name], target);
  const same = isDeepStrictEqual(present, entry);
  if (present !== undefined && !same && !force) throw taken(target);
  const edited = putInput(same ? text : put(text, [section, name], entry), target);
  if (edited === text) return { text, change: "unchanged" };
  return { text: edited, change: present === undefined ? "added" : "replaced" };
}

/**
 * Takes our entry out of the text, and VS Code's question for the key once nothing refers to it.
 *
 * @throws {CommandFailure} as {@link putEntry}.
 */
export function removeEntry(
  text: string,
  target: Target,
  { force }: { readonly force: boolean },
): Edited {
  const { section, name, root } = read(text, target);
  const present = valueAt(root, [section, name], target);
  if (present === undefined) return { text, change: "unchanged" };
  if (!isOurs(present) && !force) throw taken(target);
  const edited = cut(text, [section, name]);
  return { text: removeInput(edited, target), change: "removed" };
}

function read(text: string, target: Target) {
  const { name, client } = target;
  const { section } = client;
  const root = parse(text, target);
  const servers = nodeAt(root, [section], target);
  if (root !== undefined && root.type !== "object") throw notAnObject(target, "the file");
  if (servers !== undefined && servers.type !== "object") throw notAnObject(target, `"${section}"`);
  return { section, name, root };
}

/** `undefined` for a file with nothing in it, as editors make them. */
function parse(text: string, { path, client }: Target): Node | undefined {
  if (text.trim() === "") return undefined;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, {
    disallowComments: !client.comments,
    allowTrailingComma: client.comments,
  });
  const [error] = errors;
  if (error === undefined) return root;
  const before = text.slice(0, error.offset).split("\n");
  throw malformed(
    path,
    `${client.title} cannot read it: ${printParseErrorCode(error.error)} in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`,
  );
}

function putInput(text: string, target: Target): string {
  if (target.key.kind !== "prompt") return text;
  const { input } = target.key;
  const inputs = readInputs(text, target);
  if (inputs === undefined) return put(text, ["inputs"], [input]);
  if (inputs.some(({ id }) => id === input.id)) return text;
  return put(text, ["inputs", 0], input);
}

function removeInput(text: string, target: Target): string {
  const { key } = target;
  if (key.kind !== "prompt" || text.includes(key.reference)) return text;
  const index = (readInputs(text, target) ?? []).findIndex(({ id }) => id === key.input.id);
  return index < 0 ? text : cut(text, ["inputs", index]);
}

function readInputs(text: string, target: Target): readonly Partial<PromptInput>[] | undefined {
  const node = nodeAt(parse(text, target), ["inputs"], target);
  if (node === undefined) return undefined;
  if (node.type !== "array") throw malformed(target.path, 'its "inputs" are not a list');
  return (node.children ?? []).map((child) => Object(toValue(child)));
}

function valueAt(root: Node | undefined, path: readonly string[], target: Target): unknown {
  const node = nodeAt(root, path, target);
  return node && toValue(node);
}

/** Readers differ in which of two equal keys they take, so a file with both is not touched. */
function nodeAt(
  root: Node | undefined,
  path: readonly string[],
  { path: file }: Target,
): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => {
    if (node?.type !== "object") return undefined;
    const found = (node.children ?? []).filter(({ children }) => children?.[0]?.value === key);
    if (found.length > 1) throw malformed(file, `"${key}" stands in it twice`);
    return found[0]?.children?.[1];
  }, root);
}

/** Copied, because the parser's objects have no prototype and would equal none of ours. */
function toValue(node: Node): unknown {
  return structuredClone(getNodeValue(node));
}

function notAnObject({ path }: Target, what: string): CommandFailure {
  return malformed(path, `${what} is not an object`);
}

function malformed(path: string, what: string): CommandFailure {
  return new CommandFailure({
    reason: "usage",
    message: `Expected a configuration in ${path}, but ${what}. It was left alone.`,
    code: "CONFIG_MALFORMED",
    next: "repair the file, or name another one with --config",
  });
}

function taken({ path, name, client }: Target): CommandFailure {
  return new CommandFailure({
    reason: "conflict",
    message: `${path} has another entry under ${client.section}.${name}. It was left alone.`,
    code: "ENTRY_EXISTS",
    next: "--name <another>, or --force; the file as it was is kept beside it",
  });
}
