import { resolve } from "node:path";
import { type AuditedLog, auditLog } from "@holdpoint/protocol/receipt";
import { holding } from "../../evidence/failure.js";
import { isUrl } from "../../evidence/fetch.js";
import { readText } from "../../evidence/file.js";
import { keysUrl, type LoadedKeys, loadTrustedKeys } from "../../evidence/keys.js";
import { copyingTo, openLog, saveResource } from "../../evidence/log.js";
import { createProgress } from "../../evidence/progress.js";
import { findRemembered, type RememberedCheckpoint, remember } from "../../evidence/remembered.js";
import { printAnswer } from "../../output/answer.js";
import { describeEvidence, type Findings } from "../../output/evidence.js";
import type { Terminal } from "../../terminal.js";
import type { VerifyOptions } from "./options.js";

/** Audits the log at a URL or in a folder from its entries up. */
export async function verifyLog(
  terminal: Terminal,
  place: string,
  options: VerifyOptions,
): Promise<void> {
  const loaded = await loadTrustedKeys(
    terminal,
    options.keys ?? (isUrl(place) ? keysUrl(place) : undefined),
  );
  const { logs } = loaded.keys;
  const remembered = options.remember ? await findRemembered(terminal, logs) : undefined;
  const mirror = options.mirror && resolve(terminal.directory, options.mirror);
  const read = openLog(terminal, place);
  const audited = await holding(async () =>
    auditLog({
      read: mirror ? copyingTo(mirror, read) : read,
      keys: logs,
      seen: await seenCheckpoints(terminal, options, remembered),
      onProgress: createProgress(terminal, "entries"),
      signal: terminal.stopped,
    }),
  );
  // A mirror's checkpoint comes last: what it names is there by then.
  if (mirror) await saveResource(mirror, "checkpoint", audited.note);
  if (remembered) await remember(remembered, audited.note);
  const outcome = { audited, loaded, remembered, mirror };
  printAnswer(terminal, options, toJson(audited), () => describe(outcome, terminal));
}

async function seenCheckpoints(
  terminal: Terminal,
  { against }: VerifyOptions,
  remembered: RememberedCheckpoint | undefined,
): Promise<readonly string[]> {
  const given = against === undefined ? [] : [await readText(terminal, against)];
  return remembered?.note === undefined ? given : [...given, remembered.note];
}

function toJson({ checkpoint, tiles, contains }: AuditedLog) {
  return {
    verified: true,
    kind: "log",
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: Buffer.from(checkpoint.root).toString("base64"),
    tiles,
    contains,
  };
}

interface Outcome {
  readonly audited: AuditedLog;
  readonly loaded: LoadedKeys;
  readonly remembered: RememberedCheckpoint | undefined;
  readonly mirror: string | undefined;
}

function describe(outcome: Outcome, { colours }: Terminal): string {
  const { checkpoint } = outcome.audited;
  const facts = [
    ["log", checkpoint.origin],
    ["entries", checkpoint.size.toLocaleString("en")],
    ["root", Buffer.from(checkpoint.root).toString("base64")],
    ["mirror", outcome.mirror],
    ["remembered", outcome.remembered?.file],
  ] as const;
  return describeEvidence("The log verifies.", facts, findingsOf(outcome), colours);
}

function findingsOf({ audited, loaded, remembered }: Outcome): Findings {
  const { contains, tiles } = audited;
  const sizes = contains.map((size) => size.toLocaleString("en")).join(" and ");
  const growth: readonly [string, string] =
    contains.length > 0
      ? ["growth", `it still contains all that it had at ${sizes} entries`]
      : ["growth", firstTimeText(remembered)];
  return {
    checked: [
      ["checkpoint", `signed by the log, by a key trusted from ${loaded.origin}`],
      ["root", "recomputed from every entry"],
      ["tiles", `${tiles.toLocaleString("en")} recomputed, so proofs made from them hold`],
      ...(contains.length > 0 ? [growth] : []),
    ],
    notChecked: [
      ...(contains.length > 0 ? [] : [growth]),
      ["receipts", "the entries are hashes; what they say is known to who holds the receipts"],
      ["others' view", "compare the root at this size with somebody else's, or give --against"],
    ],
  };
}

function firstTimeText(remembered: RememberedCheckpoint | undefined): string {
  return remembered
    ? "this is the first time; from now on the log must keep what it showed today"
    : "no earlier checkpoint was given or remembered";
}
