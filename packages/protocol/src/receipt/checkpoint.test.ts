import { describe, expect, test } from "vitest";
import { openCheckpoint, parseCheckpoint, requireConsistent } from "./checkpoint.js";
import { ReceiptError } from "./error.js";
import {
  consistencyProof,
  createSigningKey,
  leafHashOf,
  logKey,
  ORIGIN,
  signCheckpoint,
  signNote,
  verifierKey,
} from "./fixtures/log.js";
import { hashLeaf } from "./hash.js";
import { importVerifierKey, openNote } from "./note.js";

async function faultOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return "none";
  } catch (error) {
    return error instanceof ReceiptError ? `${error.code}: ${error.fault}` : `threw ${error}`;
  }
}

// golang.org/x/mod/sumdb/note, note_test.go (BSD-3-Clause): the keys, signatures and bad messages
// of TestNewVerifier and TestOpen.
const PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE =
  "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
const splice = (text: string, place: number, insert: string) =>
  text.slice(0, place) + insert + text.slice(place);

describe("signed notes of golang.org/x/mod/sumdb/note", () => {
  test("open with one key or two, and pass over what they do not know", async () => {
    const [peter, enoch] = await Promise.all([PETER, ENOCH].map(importVerifierKey));
    if (!peter || !enoch) throw new Error("two keys");
    const note = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`;
    expect(await openNote(note, [peter])).toEqual({ text: TEXT, signers: [peter] });
    expect(await openNote(note, [enoch, peter])).toEqual({ text: TEXT, signers: [peter, enoch] });
    expect(await faultOf(() => openNote(note, []))).toBe("CHECKPOINT_INVALID: unknown_log_key");
  });

  test.each([
    ["no signatures", TEXT],
    ["an empty signature part", `${TEXT}\n`],
    ["a signature without its line feed", `${TEXT}\n${PETER_LINE.slice(0, -1)}`],
    ["a control character", `\u0001${TEXT}\n${PETER_LINE}`],
    ["half a surrogate pair", `\ud800${TEXT}\n${PETER_LINE}`],
    ["a name with a space", `${TEXT}\n${PETER_LINE.replace("PeterNeumann", "Bad Name")}`],
    ["a name with a plus", `${TEXT}\n${PETER_LINE.replace("PeterNeumann", "Bad+Name")}`],
    ["a line that is no signature", `${TEXT}\n${PETER_LINE}Unexpected line.\n`],
    ["too many signatures", `${TEXT}\n${PETER_LINE.repeat(101)}`],
    ["a hyphen for the dash", `${TEXT}\n${PETER_LINE.replace("—", "-")}`],
    ["a signature of four bytes", `${TEXT}\n— PeterNeumann x08gow==\n`],
    ["an empty note", ""],
  ])("%s: not a note", async (_name, note) => {
    const key = await importVerifierKey(PETER);
    expect(await faultOf(() => openNote(note, [key]))).toBe("CHECKPOINT_INVALID: not_a_note");
  });

  test.each([
    ["a longer signature", `${TEXT}\n${splice(PETER_LINE, 60, "ABCD")}`],
    ["a changed text", `${TEXT.replace("answer", "Answer")}\n${PETER_LINE}`],
    [
      "one good and one bad of the same key",
      `${TEXT}\n${PETER_LINE}${splice(PETER_LINE, 60, "ABCD")}`,
    ],
  ])("%s: a bad signature", async (_name, note) => {
    const key = await importVerifierKey(PETER);
    expect(await faultOf(() => openNote(note, [key]))).toBe(
      "CHECKPOINT_INVALID: bad_note_signature",
    );
  });

  test("the example of C2SP signed-note opens", async () => {
    const key = await importVerifierKey(
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    );
    const note =
      "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    expect((await openNote(note, [key])).text).toBe("This is an example message.\n");
  });
});

describe("verifier keys", () => {
  test("no part of one, and none with a changed character, is taken", async () => {
    const mangled = new Set<string>();
    for (let from = 0; from < PETER.length; from += 3) mangled.add(PETER.slice(from + 1));
    for (let to = 0; to < PETER.length; to += 3) mangled.add(PETER.slice(0, to));
    for (let place = 0; place < PETER.length; place++) {
      const next = String.fromCharCode(PETER.charCodeAt(place) + 1);
      mangled.add(PETER.slice(0, place) + next + PETER.slice(place + 1));
    }
    // A key of the wrong length, and an unknown algorithm, each with the id that belongs to it.
    mangled.add("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==");
    mangled.add("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    for (const text of mangled)
      await expect(importVerifierKey(text), text).rejects.toThrow(TypeError);
  });
});

// golang.org/x/mod/sumdb/tlog, note_test.go, with the origin as C2SP has it.
const TREE = "go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n";

describe("checkpoints", () => {
  test("are read, with extension lines or without", () => {
    const expected = {
      origin: "go.sum database tree",
      size: 123456789012,
      root: hashLeaf(new TextEncoder().encode("hello world")),
    };
    expect(parseCheckpoint(TREE)).toEqual(expected);
    expect(parseCheckpoint(`${TREE}an extension\n`)).toEqual(expected);
  });

  test.each([
    ["a hexadecimal size", TREE.replace("123456789012", "0xabcdef")],
    ["a leading zero", TREE.replace("123456789012", "0123")],
    ["a size beyond what a number holds", TREE.replace("123456789012", "9007199254740993")],
    ["a negative size", TREE.replace("123456789012", "-1")],
    ["a longer hash", TREE.replace("Bb0=", "BTOOBIG=")],
    ["a hash with bits left over", TREE.replace("Bb0=", "Bb1=")],
    ["an empty origin", TREE.replace("go.sum database tree", "")],
    ["two lines", "origin\n1\n"],
    ["an empty extension line", `${TREE}\nmore\n`],
    ["no line feed at the end", TREE.slice(0, -1)],
  ])("%s: not a checkpoint", async (_name, text) => {
    expect(await faultOf(() => parseCheckpoint(text))).toBe("CHECKPOINT_INVALID: not_a_checkpoint");
  });

  test("count only under the key of their own log", async () => {
    const trusted = await importVerifierKey(verifierKey(logKey));
    const open = (note: string) => faultOf(() => openCheckpoint(note, [trusted]));
    expect(await open(signCheckpoint(["a", "b"], logKey))).toBe("none");
    expect(await open(signCheckpoint(["a"], createSigningKey()))).toBe(
      "CHECKPOINT_INVALID: unknown_log_key",
    );
    expect(await open(signCheckpoint(["a"], logKey, { origin: "other.example.com/log" }))).toBe(
      "CHECKPOINT_INVALID: unknown_log_key",
    );
    const misnamed = signCheckpoint(["a"], logKey, {
      origin: "other.example.com/log",
      name: ORIGIN,
    });
    expect(await open(misnamed)).toBe("CHECKPOINT_INVALID: other_origin");
    expect(await open(signNote("no checkpoint at all\n", logKey))).toBe(
      "CHECKPOINT_INVALID: not_a_checkpoint",
    );
  });
});

describe("two checkpoints", () => {
  const log = Array.from({ length: 11 }, (_, index) => `leaf ${index}`);
  const forked = [...log.slice(0, 5), "another leaf", ...log.slice(6)];
  const open = async (note: string) =>
    openCheckpoint(note, [await importVerifierKey(verifierKey(logKey))]);

  test("of one log are told from a fork, at the same size and at two", async () => {
    const [small, large, other, same] = await Promise.all([
      open(signCheckpoint(log, logKey, { size: 7 })),
      open(signCheckpoint(log, logKey)),
      open(signCheckpoint(forked, logKey)),
      open(signCheckpoint(log, logKey)),
    ]);
    const proof = consistencyProof(7, log.map(leafHashOf));
    const forkedProof = consistencyProof(7, forked.map(leafHashOf));
    const compare = (...input: Parameters<typeof requireConsistent>) =>
      faultOf(() => requireConsistent(...input));
    expect(await compare(small, large, proof)).toBe("none");
    expect(await compare(large, small, proof)).toBe("none");
    expect(await compare(large, same)).toBe("none");
    const empty = await open(signCheckpoint([], logKey));
    expect(await compare(empty, large)).toBe("none");
    expect(await compare(empty, empty)).toBe("none");
    const fork = "LOG_FORKED: not_an_extension";
    expect(await compare(large, other)).toBe(fork);
    expect(await compare(small, other, forkedProof)).toBe(fork);
    expect(await compare(small, large)).toBe(fork);
    expect(await compare({ ...empty, root: small.root }, large)).toBe(fork);
    expect(await compare(small, large, proof.slice(1))).toBe(fork);
    expect(await compare(small, { ...large, origin: "elsewhere" }, proof)).toBe(
      "CHECKPOINT_INVALID: other_origin",
    );
  });
});
