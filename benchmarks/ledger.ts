import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canonicalJson, receiptIdOf } from "@holdpoint/protocol";
import { GrowingTree, hashLeaf, logEntryOf, RECEIPT_TYPE } from "@holdpoint/protocol/receipt";
import { typeidUnboxed } from "typeid-js";
import { writeResult } from "./lib/report.js";
import { round } from "./lib/stats.js";

const RECEIPTS = Number(process.env.HOLDPOINT_BENCH_RECEIPTS ?? 1_000_000);
const BARE = 20_000;
const ORIGIN = "bench.example.com/v1/log";
const bin = join(
  dirname(createRequire(import.meta.url).resolve("holdpoint/package.json")),
  "dist/bin.js",
);

/** `holdpoint verify` over a whole ledger: every signature, every place, the root. */
export async function measureLedger(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-ledger-"));
  try {
    const { sample, key, bytes } = await writeLedger(folder);
    const barePerSecond = verifyBare(sample, key);
    const { seconds, peakBytes } = await runVerify(folder);
    const perSecond = RECEIPTS / seconds;
    await writeResult({
      name: "ledger",
      about: `\`holdpoint verify\` reads a ledger of ${RECEIPTS.toLocaleString("en")} receipts (${Math.round(bytes / 2 ** 20)} MiB): every signature, every digest of its place in the log, and the signed root they lead to. Beside it \`crypto.verify\` of node:crypto alone, one signature after the other.`,
      rows: [
        { figure: "time", value: `${round(seconds)} s` },
        { figure: "receipts per second", value: `${round(perSecond)}` },
        { figure: "signatures alone, per second", value: `${round(barePerSecond)}` },
        { figure: "ledger ÷ signatures alone", value: `${round(perSecond / barePerSecond)} ×` },
        {
          figure: "memory at its peak",
          value: `${round(peakBytes / 2 ** 20)} MiB`,
          aim: "bounded",
        },
      ],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly x: string;
  readonly keyId: string;
}

function createKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const x = String(publicKey.export({ format: "jwk" }).x);
  const thumbprint = createHash("sha256").update(canonicalJson({ crv: "Ed25519", kty: "OKP", x }));
  return { privateKey, publicKey, x, keyId: thumbprint.digest("base64url") };
}

async function writeLedger(folder: string) {
  const [receiptKey, logKey] = [createKey(), createKey()];
  const file = createWriteStream(join(folder, "ledger.jsonl"));
  const tree = new GrowingTree();
  const sample: string[] = [];
  for (let index = 0; index < RECEIPTS; index++) {
    const { id, jws } = signReceipt(receiptKey);
    tree.append(await hashLeaf(await logEntryOf(jws)));
    if (index < BARE) sample.push(jws);
    if (!file.write(`${JSON.stringify({ id, jws, index })}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  await writeFile(join(folder, "checkpoint.txt"), signCheckpoint(logKey, tree.root()));
  await writeFile(join(folder, "keys.json"), JSON.stringify(jwksOf(receiptKey, logKey)));
  return { sample, key: receiptKey.publicKey, bytes: file.bytesWritten };
}

const project = typeidUnboxed("prj");
const agent = typeidUnboxed("agt");

function signReceipt({ privateKey, keyId }: SigningKey) {
  const id = receiptIdOf(typeidUnboxed("evt"));
  const content = {
    version: 1,
    id,
    type: "request.created",
    project_id: project,
    request_id: typeidUnboxed("req"),
    agent_id: agent,
    at: new Date().toISOString(),
    actor: { type: "agent", id: agent, name: "bench" },
    service: "db-agent",
    action: "run_sql",
    priority: "high",
    status: "PENDING",
    revision: 1,
    payload_digest: `sha256:${"0".repeat(64)}`,
  };
  const header = { alg: "EdDSA", kid: keyId, typ: RECEIPT_TYPE };
  const input = [header, content].map((part) => encode(canonicalJson(part))).join(".");
  const signature = sign(null, Buffer.from(input), privateKey).toString("base64url");
  return { id, jws: `${input}.${signature}` };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** @see https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note */
function signCheckpoint(key: SigningKey, root: Uint8Array): string {
  const text = `${ORIGIN}\n${RECEIPTS}\n${Buffer.from(root).toString("base64")}\n`;
  const signature = Buffer.concat([noteKeyId(key), sign(null, Buffer.from(text), key.privateKey)]);
  return `${text}\n— ${ORIGIN} ${signature.toString("base64")}\n`;
}

function notePublicKey({ x }: SigningKey): Buffer {
  return Buffer.concat([Buffer.of(1), Buffer.from(x, "base64url")]);
}

function noteKeyId(key: SigningKey): Buffer {
  const hash = createHash("sha256").update(`${ORIGIN}\n`).update(notePublicKey(key));
  return hash.digest().subarray(0, 4);
}

function jwksOf(receiptKey: SigningKey, logKey: SigningKey) {
  const jwk = ({ x, keyId }: SigningKey) => ({
    kty: "OKP",
    crv: "Ed25519",
    alg: "EdDSA",
    use: "sig",
    x,
    kid: keyId,
  });
  const vkey = `${ORIGIN}+${noteKeyId(logKey).toString("hex")}+${notePublicKey(logKey).toString("base64")}`;
  return {
    keys: [
      { ...jwk(receiptKey), holdpoint_purpose: "receipt" },
      { ...jwk(logKey), holdpoint_purpose: "log", holdpoint_vkey: vkey },
    ],
  };
}

function verifyBare(sample: readonly string[], key: KeyObject): number {
  const started = performance.now();
  for (const jws of sample) {
    const cut = jws.lastIndexOf(".");
    const signature = Buffer.from(jws.slice(cut + 1), "base64url");
    if (!verify(null, Buffer.from(jws.slice(0, cut)), key, signature)) {
      throw new Error("Expected a signature that holds.");
    }
  }
  return (sample.length * 1_000) / (performance.now() - started);
}

/** Runs the command and reads the memory it has used at most from Linux's `/proc`. */
async function runVerify(folder: string): Promise<{ seconds: number; peakBytes: number }> {
  const started = performance.now();
  const files = ["--keys", "keys.json", "--checkpoint", "checkpoint.txt"];
  const child = spawn(process.execPath, [bin, "verify", "ledger.jsonl", ...files], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peakBytes = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    peakBytes = Math.max(peakBytes, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024);
  }, 100);
  const [code] = await once(child, "exit");
  clearInterval(watch);
  if (code !== 0) throw new Error(`Expected the ledger to verify, got exit code ${code}.`);
  return { seconds: (performance.now() - started) / 1_000, peakBytes };
}
