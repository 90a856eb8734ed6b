import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";
import { isUrl } from "../../evidence/fetch.js";
import { readContents } from "../../evidence/file.js";
import type { Terminal } from "../../terminal.js";
import { withJson } from "../options.js";
import type { VerifyOptions } from "./options.js";

export function verifyCommand(terminal: Terminal): Command {
  return withJson(new Command("verify"))
    .description(
      "Verify a receipt, a ledger of receipts, an escrow, or a whole log, trusting nothing but keys.",
    )
    .argument(
      "<file|url>",
      "receipt, ledger or escrow (- for standard input), log folder, or URL of a receipt or log",
    )
    .option("--keys <file|url>", "keys to trust: /.well-known/jwks.json of the control plane")
    .option(
      "--request <file>",
      "the request as GET /v1/requests/:id answers it; digests are recomputed",
    )
    .option("--execution <file>", "the execution as GET /v1/executions/:id answers it, likewise")
    .option(
      "--set <file>",
      "what a change of the project has set: a manifest, limits, or the text of a policy (.cedar)",
    )
    .option("--project <id>", "every receipt or escrow must belong to this project (prj_…)")
    .option("--allow-unlogged", "accept a receipt that the log has not taken in yet")
    .option("--checkpoint <file>", "ledger: the signed checkpoint it must lead to")
    .option("--log <url|dir>", "ledger: the log, to take the checkpoint from and name what differs")
    .option("--complete", "ledger: refuse skipped leaves of other projects")
    .option("--against <file>", "log: an earlier checkpoint that the log must still contain")
    .option("--no-remember", "log: neither read nor keep the checkpoint of the last audit")
    .option("--mirror <dir>", "log: keep a copy of it, to be verified or served later")
    .addHelpText("after", HELP)
    .action((target: string, options: VerifyOptions) => verify(terminal, target, options));
}

const HELP = `
Nothing is asked of anybody but what you name: with files and --keys FILE it works offline.
Get the keys once, from the control plane itself, and keep them:
  curl -o keys.json https://hold.example.com/.well-known/jwks.json

Examples:
  holdpoint verify receipt.json --keys keys.json
  holdpoint verify receipt.json --keys keys.json --request request.json
  holdpoint verify receipt.json --keys keys.json --set policy.cedar
  holdpoint verify ledger.jsonl --keys keys.json --checkpoint checkpoint.txt
  holdpoint verify escrow.json --keys keys.json                 one escrow, or a chain of them
  holdpoint verify https://hold.example.com                     audit the whole log
  holdpoint verify https://hold.example.com --mirror ./log      … and keep a copy
  holdpoint verify ./log --keys keys.json                       the copy, offline

Ends with exit code 7 when the evidence does not hold.`;

async function verify(terminal: Terminal, target: string, options: VerifyOptions): Promise<void> {
  if (isUrl(target) && isReceiptUrl(target)) {
    const { verifyReceiptUrl } = await import("./receipt.js");
    return verifyReceiptUrl(terminal, target, options);
  }
  if (isUrl(target) || (await isFolder(resolve(terminal.directory, target)))) {
    const { verifyLog } = await import("./log.js");
    return verifyLog(terminal, target, options);
  }
  const contents = await readContents(terminal, target);
  if (contents.kind === "lines") {
    const { verifyLedgerLines } = await import("./ledger.js");
    return verifyLedgerLines(terminal, contents.lines, options);
  }
  const { recogniseEscrows, verifyEscrowFile } = await import("./escrow.js");
  const escrows = recogniseEscrows(contents.value);
  if (escrows !== undefined) return verifyEscrowFile(terminal, escrows, options);
  const { verifyReceiptValue } = await import("./receipt.js");
  return verifyReceiptValue(terminal, contents.value, options);
}

function isReceiptUrl(url: string): boolean {
  return /\/v1\/receipts\/[^/]+$/.test(new URL(url).pathname);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
