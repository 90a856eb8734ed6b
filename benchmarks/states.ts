import { randomBytes, webcrypto } from "node:crypto";
import { encryptState, STATE_SEGMENT_BYTES } from "@holdpoint/protocol/state";
import { typeidUnboxed } from "typeid-js";
import { writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const { subtle } = webcrypto;
const BYTES = 256 * 1_048_576;
const ROUNDS = 7;

/** What the state format costs beside AES-GCM alone, over the same segments. */
export async function measureStates(): Promise<void> {
  const plaintext = new Uint8Array(randomBytes(STATE_SEGMENT_BYTES));
  const key = webcrypto.getRandomValues(new Uint8Array(32));
  const bare = await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const ours: number[] = [];
  const peer: number[] = [];
  await encryptAsState(plaintext, key);
  await encryptBare(plaintext, bare);
  for (let round = 0; round < ROUNDS; round++) {
    peer.push(await gigabytesPerSecond(() => encryptBare(plaintext, bare)));
    ours.push(await gigabytesPerSecond(() => encryptAsState(plaintext, key)));
  }
  const ratio = quantile(
    ours.map((speed, index) => speed / (peer[index] as number)),
    0.5,
  );
  await writeResult({
    name: "states",
    about: `${BYTES / 1_048_576} MiB are encrypted as a parked state, and by plain WebCrypto AES-256-GCM in segments of the same 1 MiB, one after the other. ${ROUNDS} rounds in turns; medians.`,
    rows: [
      { figure: "a parked state", value: `${round(quantile(ours, 0.5))} GB/s` },
      { figure: "plain WebCrypto AES-GCM", value: `${round(quantile(peer, 0.5))} GB/s` },
      { figure: "state ÷ plain", value: `${round(ratio)} ×`, aim: "≥ 0.8 ×" },
    ],
  });
}

async function gigabytesPerSecond(encrypt: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await encrypt();
  return BYTES / 1e6 / (performance.now() - started);
}

async function encryptBare(
  segment: Uint8Array<ArrayBuffer>,
  key: webcrypto.CryptoKey,
): Promise<void> {
  const iv = new Uint8Array(12);
  for (let done = 0; done < BYTES; done += segment.length) {
    new DataView(iv.buffer).setUint32(8, done / segment.length);
    await subtle.encrypt({ name: "AES-GCM", iv }, key, segment);
  }
}

async function encryptAsState(segment: Uint8Array<ArrayBuffer>, key: Uint8Array): Promise<void> {
  async function* source() {
    for (let done = 0; done < BYTES; done += segment.length) yield segment;
  }
  const encrypted = encryptState(source(), {
    projectId: typeidUnboxed("prj"),
    stateId: typeidUnboxed("sta"),
    key,
    salt: webcrypto.getRandomValues(new Uint8Array(32)),
    noncePrefix: webcrypto.getRandomValues(new Uint8Array(7)),
  });
  for await (const _segment of encrypted);
}
