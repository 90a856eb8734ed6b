import { type VerifiedLedger, verifyLedger } from "@holdpoint/protocol/receipt";
import { holding } from "../../evidence/failure.js";
import { readText } from "../../evidence/file.js";
import { type LoadedKeys, loadTrustedKeys } from "../../evidence/keys.js";
import { openLog, type ReadResource, readLeafTile } from "../../evidence/log.js";
import { createProgress } from "../../evidence/progress.js";
import { CommandFailure } from "../../failure.js";
import { printAnswer } from "../../output/answer.js";
import { describeEvidence, type Findings } from "../../output/evidence.js";
import type { Terminal } from "../../terminal.js";
import type { VerifyOptions } from "./options.js";

export async function verifyLedgerLines(
  terminal: Terminal,
  lines: AsyncIterable<unknown>,
  options: VerifyOptions,
): Promise<void> {
  const loaded = await loadTrustedKeys(terminal, options.keys);
  const read = options.log === undefined ? undefined : openLog(terminal, options.log);
  const checkpoint = await readCheckpoint(terminal, options, read);
  const progress = createProgress(terminal, "leaves");
  const verified = await holding(() =>
    verifyLedger(lines, {
      keys: loaded.keys,
      projectId: options.project,
      checkpoint,
      complete: options.complete,
      ...(read && { readTile: (index, width) => readLeafTile(read, index, width) }),
      onProgress: progress,
      signal: terminal.stopped,
    }),
  );
  if (verified.size === 0 && verified.checkpoint === undefined) throw nothingToVerify();
  printAnswer(terminal, options, toJson(verified), () => describe(verified, loaded, terminal));
}

/** What a failed download leaves must not look like evidence. Only a log can say that it is empty. */
function nothingToVerify(): CommandFailure {
  return new CommandFailure({
    reason: "unverified",
    message: "Does not verify: there is no receipt in it.",
    code: "RECEIPT_MALFORMED",
    next: "holdpoint receipts get <id> > receipt.json   (of an empty log: give --checkpoint)",
  });
}

/** The one given; of a log, its newest. */
async function readCheckpoint(
  terminal: Terminal,
  { checkpoint, log }: VerifyOptions,
  read: ReadResource | undefined,
): Promise<string | undefined> {
  if (checkpoint !== undefined) return readText(terminal, checkpoint);
  if (read === undefined) return undefined;
  const bytes = await read("checkpoint");
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  throw new CommandFailure({ reason: "notFound", message: `There is no checkpoint at ${log}.` });
}

function toJson({ receipts, skipped, size, root, checkpoint }: VerifiedLedger) {
  return {
    verified: true,
    kind: "ledger",
    receipts,
    skipped,
    size,
    root: Buffer.from(root).toString("base64"),
    ...(checkpoint && { origin: checkpoint.origin }),
  };
}

function describe(verified: VerifiedLedger, keys: LoadedKeys, { colours }: Terminal): string {
  const { receipts, skipped, size, root, first, last } = verified;
  const facts = [
    ["receipts", receipts.toLocaleString("en")],
    ["skipped", skipped > 0 ? `${skipped.toLocaleString("en")} leaves of others` : undefined],
    ["from", first?.at],
    ["to", last?.at],
    ["root", `${Buffer.from(root).toString("base64")} over ${size.toLocaleString("en")} leaves`],
  ] as const;
  const verdict = verified.checkpoint
    ? "The ledger verifies."
    : "Every receipt of the ledger verifies; the log was not asked.";
  return describeEvidence(verdict, facts, findingsOf(verified, keys), colours);
}

function findingsOf({ checkpoint, skipped }: VerifiedLedger, keys: LoadedKeys): Findings {
  return {
    checked: [
      ["signatures", `of every receipt, by keys trusted from ${keys.origin}`],
      ["form", "canonical JSON of version 1, each under its own id"],
      ["order", "no leaf is missing, doubled or out of place"],
      ...(checkpoint
        ? [["log", `together they are what ${checkpoint.origin} signed`] as const]
        : []),
    ],
    notChecked: [
      ...(checkpoint ? [] : [["log", "give --checkpoint FILE or --log URL to compare"] as const]),
      ...(skipped > 0
        ? [["skipped leaves", "whose they are; a receipt of yours could be among them"] as const]
        : []),
      ["contents", "payloads and results: verify single receipts with --request"],
      ["others' view", "that the log shows everybody the same: holdpoint verify <control plane>"],
    ],
  };
}
