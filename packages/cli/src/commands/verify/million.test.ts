import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { expect, it } from "vitest";
import { approval } from "../../../../protocol/src/receipt/fixtures/content.js";
import {
  jwks,
  leafHashOf,
  logKey,
  ORIGIN,
  receiptKey,
  signNote,
  signReceipt,
  treeHash,
} from "../../../../protocol/src/receipt/fixtures/log.js";
import { launch, temporaryFolder } from "../../fixtures/holdpoint.js";

// 20,000 receipts, 25 MB, show whether memory grows with the ledger. The full million takes some
// minutes to sign and to verify: `npm run test:full`, or
//   TEST_FULL=1 npx vitest run src/commands/verify/million.test.ts
const RECEIPTS = process.env.TEST_FULL === "1" ? 1_000_000 : 20_000;

/** Of JavaScript objects in the old generation, loader and all: as much as 20,000 receipts in JSON. */
const HEAP_MB = 24;

it(
  `[G7] verifies ${RECEIPTS} receipts in ${HEAP_MB} MB`,
  async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const leafHashes: Buffer[] = [];
    const lines = function* () {
      for (let index = 0; index < RECEIPTS; index++) {
        const content = approval(index);
        const jws = signReceipt(content, receiptKey);
        leafHashes.push(leafHashOf(jws));
        yield `${JSON.stringify({ id: content.id, jws, index })}\n`;
      }
    };
    await pipeline(Readable.from(lines()), createWriteStream(at("ledger.jsonl")));
    const root = treeHash(leafHashes).toString("base64");
    await writeFile(at("checkpoint.txt"), signNote(`${ORIGIN}\n${RECEIPTS}\n${root}\n`, logKey));
    await writeFile(at("keys.json"), JSON.stringify(jwks));

    const argv = [
      "verify",
      "ledger.jsonl",
      "--keys",
      "keys.json",
      "--checkpoint",
      "checkpoint.txt",
    ];
    const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
    const startedAtMs = performance.now();
    const child = launch([...argv, "--json"], { cwd: folder.path, env });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout as NodeJS.ReadableStream),
      text(child.stderr as NodeJS.ReadableStream),
      once(child, "exit"),
    ]);
    expect({ exitCode: child.exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ kind: "ledger", receipts: RECEIPTS, root });
    if (RECEIPTS > 20_000) {
      console.log(`${RECEIPTS} receipts: ${Math.round(performance.now() - startedAtMs)} ms`);
    }
  },
  120_000 + RECEIPTS * 2,
);
