import { type JsonValue, LIMITS } from "@holdpoint/protocol";
import { refuse } from "../fault.js";

export const REDACTED = "[redacted]";

/** Shorter ones are looked for as they are: in other forms they would be found everywhere by chance. */
const MIN_ENCODED_LENGTH = 6;

/** Takes secrets out of what a service has answered. */
export interface EchoFilter {
  inText(text: string): string;
  /** Bytes of any kind. */
  inBytes(bytes: Buffer): Buffer;
  /**
   * Every text, number and name of a value; what JSON reads but cannot say again is put right on the
   * way, so that whatever comes out has a digest.
   *
   * @throws {FaultError} `response_invalid` for an infinite number, or nesting past the wire's limit.
   */
  inJson(value: JsonValue): JsonValue;
}

export function createEchoFilter(secrets: readonly string[]): EchoFilter {
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  // One pass over the text, the longest form first: what has been put in is not looked into again.
  const pattern =
    forms.length === 0 ? undefined : new RegExp(forms.map(escapePattern).join("|"), "g");
  const inText = (text: string) =>
    pattern === undefined ? text : text.replaceAll(pattern, REDACTED);

  function walk(value: JsonValue, levels: number): JsonValue {
    if (typeof value === "string") return inText(wellFormed(value));
    if (typeof value === "number") return inNumber(value);
    if (typeof value !== "object" || value === null) return value;
    if (levels === 0) throw refuse("response_invalid", "Expected an answer with less nesting.");
    if (Array.isArray(value)) return value.map((item: JsonValue) => walk(item, levels - 1));
    const members = Object.entries(value).map(
      ([name, member]) => [inText(wellFormed(name)), walk(member, levels - 1)] as const,
    );
    return Object.fromEntries(members);
  }

  function inNumber(value: number): JsonValue {
    if (!Number.isFinite(value)) {
      throw refuse("response_invalid", "Expected an answer with finite numbers.");
    }
    const text = String(value);
    return inText(text) === text ? value : REDACTED;
  }

  return {
    inText,
    inBytes: (bytes) =>
      pattern === undefined ? bytes : Buffer.from(inText(bytes.toString("latin1")), "latin1"),
    inJson: (value) => walk(value, LIMITS.jsonDepth),
  };
}

/** A secret as it is, and as services write it back: in a URL, in JSON, in HTML, as hex or base64. */
function formsOf(secret: string): string[] {
  if (secret.length < MIN_ENCODED_LENGTH) return [secret];
  const forms = [secret, ...textForms(secret), ...byteForms(secret)];
  const decoded = Buffer.from(secret, "base64").toString("latin1");
  // `Basic` credentials are kept as base64, and named by their user and password.
  const isBasic = /^[\x20-\x7e]{6,}$/.test(decoded) && decoded.includes(":");
  return isBasic ? [...forms, decoded, ...textForms(decoded)] : forms;
}

function textForms(text: string): string[] {
  const inUrl = [encodeURIComponent(text), encodeURI(text), formEncoded(text)];
  const lowerCase = inUrl.map((each) =>
    each.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  );
  const inHtml = text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  return [
    ...inUrl,
    ...lowerCase,
    inHtml,
    inHtml.replaceAll("'", "&#39;"),
    JSON.stringify(text).slice(1, -1),
  ];
}

function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function byteForms(text: string): string[] {
  return [...new Set([Buffer.from(text, "latin1"), Buffer.from(text, "utf8")])].flatMap((bytes) => {
    const base64 = [0, 1, 2].flatMap((offset) => base64At(bytes, offset));
    const hex = bytes.toString("hex");
    return [bytes.toString("latin1"), hex, hex.toUpperCase(), ...base64];
  });
}

/** The characters that the bytes alone decide, `offset` bytes into a group of three. */
function base64At(bytes: Buffer, offset: number): string[] {
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .slice(first, end);
  return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Half a surrogate pair has no UTF-8, so what holds one could not be digested. */
function wellFormed(text: string): string {
  return text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "\ufffd",
  );
}
