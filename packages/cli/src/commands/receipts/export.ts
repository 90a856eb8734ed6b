import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LIMITS, type WireList, type WireLoggedReceipt } from "@holdpoint/protocol";
import { coverRange, type LedgerLine, parseCheckpoint } from "@holdpoint/protocol/receipt";
import { Command } from "commander";
import { connectOperator, type OperatorClient } from "../../api/client.js";
import type { ConnectionOptions } from "../../api/connection.js";
import { openLog, type ReadResource, readSubtree } from "../../evidence/log.js";
import { createProgress } from "../../evidence/progress.js";
import { CommandFailure } from "../../failure.js";
import type { Terminal } from "../../terminal.js";
import { withConnection } from "../options.js";

interface Options extends ConnectionOptions {
  readonly output?: string;
  readonly checkpoint?: string;
}

export function exportCommand(terminal: Terminal): Command {
  return withConnection(new Command("export"))
    .description("Write every receipt of the project as a ledger: one line of JSON each.")
    .option("--output <file>", "where to write (default: standard output)")
    .option("--checkpoint <file>", "also write the log's signed checkpoint that it leads to")
    .addHelpText(
      "after",
      `
The lines are in the log's order. Leaves of other projects are skipped by a line with their
hashes, so the ledger still adds up to the root the log signed.

Example:
  holdpoint receipts export --output ledger.jsonl --checkpoint checkpoint.txt
  holdpoint verify ledger.jsonl --keys keys.json --checkpoint checkpoint.txt`,
    )
    .action((options: Options) => exportReceipts(terminal, options));
}

async function exportReceipts(terminal: Terminal, options: Options): Promise<void> {
  const client = await connectOperator(terminal, options);
  const read = openLog(terminal, client.url);
  // The first page makes the log take in what has happened until now.
  await fetchPage(client, undefined, 1);
  const note = await readNote(read);
  const { size } = parseCheckpoint(note.slice(0, note.indexOf("\n\n") + 1));
  const progress = createProgress(terminal, "leaves");
  const lines = Readable.from(ledgerText(listLines(client, read, size), progress, size));
  if (options.output === undefined) await pipeline(lines, terminal.screen, { end: false });
  else await pipeline(lines, createWriteStream(resolve(terminal.directory, options.output)));
  if (options.checkpoint !== undefined) {
    await writeFile(resolve(terminal.directory, options.checkpoint), note);
  }
}

async function* ledgerText(
  lines: AsyncIterable<LedgerLine>,
  progress: (done: number, total: number) => void,
  size: number,
): AsyncGenerator<string> {
  for await (const line of lines) {
    progress("skip" in line ? line.skip.to : line.index + 1, size);
    yield `${JSON.stringify(line)}\n`;
  }
}

/** Every leaf below `size`: ours as they are, those of others by the hashes of their subtrees. */
async function* listLines(
  client: OperatorClient,
  read: ReadResource,
  size: number,
): AsyncGenerator<LedgerLine> {
  let next = 0;
  for await (const receipt of listReceipts(client)) {
    if (receipt.index >= size) break;
    if (receipt.index > next) yield await skipTo(read, size, next, receipt.index);
    yield receipt;
    next = receipt.index + 1;
  }
  if (next < size) yield await skipTo(read, size, next, size);
}

async function skipTo(
  read: ReadResource,
  size: number,
  from: number,
  to: number,
): Promise<LedgerLine> {
  const hashes: string[] = [];
  for (const subtree of coverRange(from, to)) {
    hashes.push(Buffer.from(await readSubtree(read, size, subtree)).toString("base64"));
  }
  return { skip: { from, to, hashes } };
}

async function* listReceipts(client: OperatorClient): AsyncGenerator<WireLoggedReceipt> {
  let after: string | undefined;
  do {
    const page = await fetchPage(client, after, LIMITS.maxReceiptPageSize);
    yield* page.data;
    after = page.next_cursor ?? undefined;
  } while (after !== undefined);
}

async function fetchPage(
  client: OperatorClient,
  after: string | undefined,
  limit: number,
): Promise<WireList<WireLoggedReceipt>> {
  const { listSchema, loggedReceiptSchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireList<WireLoggedReceipt>>(
    { path: "/v1/receipts", query: { after_index: after, limit: String(limit) } },
    listSchema(loggedReceiptSchema),
  );
}

async function readNote(read: ReadResource): Promise<string> {
  const bytes = await read("checkpoint");
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  throw new CommandFailure({ reason: "unreachable", message: "The log serves no checkpoint." });
}
