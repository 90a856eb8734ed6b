import { readFileSync } from "node:fs";
import { formatApiKey } from "@holdpoint/protocol";
import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  Holdpoint,
  InvalidResponseError,
  NotFoundError,
  ReceiptVerificationError,
  ValidationError,
} from "../index.js";
import { BASE_URL, problem } from "../test-kit/fixtures.js";
import { type Reply, scriptFetch } from "../test-kit/scripted-fetch.js";

interface Vectors {
  readonly keys: { readonly keys: readonly { readonly holdpoint_purpose: string }[] };
  readonly project_id: string;
  readonly subject: { readonly request: object; readonly execution: object };
  readonly valid: readonly { readonly name: string; readonly receipt: { readonly id: string } }[];
  readonly invalid: readonly {
    readonly name: string;
    readonly receipt: unknown;
    readonly code: string;
  }[];
}

const file = new URL("../../../protocol/vectors/receipt.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const { keys, subject } = vectors;
const receipt = vectors.valid[0]?.receipt as { readonly id: string };
const run = vectors.valid[1]?.receipt;

function client(...replies: readonly Reply[]) {
  const { calls, fetch } = scriptFetch(...replies);
  const apiKey = formatApiKey(vectors.project_id, "s".repeat(43));
  return { calls, hp: new Holdpoint({ apiKey, baseUrl: BASE_URL, fetch, maxRetries: 0 }) };
}

const offline = () => client(new Error("nothing may be sent"));
const paths = (calls: readonly { readonly url: URL }[]) => calls.map(({ url }) => url.pathname);

describe("get", () => {
  test("answers the file as it is", async () => {
    const { hp, calls } = client(receipt);
    expect(await hp.receipts.get(receipt.id)).toEqual(receipt);
    expect(paths(calls)).toEqual([`/v1/receipts/${receipt.id}`]);
  });

  test("refuses what is no receipt, on either side", async () => {
    const { hp, calls } = offline();
    await expect(hp.receipts.get("../me")).rejects.toBeInstanceOf(ValidationError);
    expect(calls).toEqual([]);
    await expect(client({ id: 1 }).hp.receipts.get(receipt.id)).rejects.toBeInstanceOf(
      InvalidResponseError,
    );
    const missing = client(problem(404, "RECEIPT_NOT_FOUND"));
    await expect(missing.hp.receipts.get(receipt.id)).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe("verify", () => {
  test("with keys of one's own asks nobody", async () => {
    const { hp, calls } = offline();
    const verified = await hp.receipts.verify(receipt, { keys, request: subject.request });
    expect(calls).toEqual([]);
    expect(verified).toMatchObject({
      id: receipt.id,
      type: "request.approved",
      projectId: vectors.project_id,
      actor: { type: "operator", name: "Ada Lovelace" },
      status: "APPROVED_WITH_MODIFICATIONS",
      at: new Date("2026-11-22T12:00:00.000Z"),
      log: { index: 0, origin: "log.example.com/v1/log", size: 4 },
      compared: ["payload", "approved payload", "reason"],
      notCompared: [],
    });
    expect("execution" in verified).toBe(false);
  });

  test("compares a decision and an execution", async () => {
    const { hp } = offline();
    const { execution } = subject;
    const decision = {
      approved: true,
      payload: { sql: "DROP TABLE users;" },
      patchedPayload: { sql: "SELECT 1;" },
      reason: "Look first.",
    } as const;
    const options = { keys, execution, request: decision };
    const verified = await hp.receipts.verify(run, options);
    expect(verified.compared).toEqual(["payload", "approved payload", "reason", "result"]);
    expect(verified.execution).toMatchObject({ fencingToken: 1 });
    const other = { ...decision, patchedPayload: { sql: "SELECT 2;" } };
    await expect(hp.receipts.verify(run, { ...options, request: other })).rejects.toMatchObject({
      code: "RECEIPT_DIGEST_WRONG",
    });
  });

  test("fetches the control plane's keys once per client", async () => {
    const { hp, calls } = client(keys);
    await Promise.all([hp.receipts.verify(receipt), hp.receipts.verify(run)]);
    await hp.receipts.verify(receipt);
    expect(new Set(paths(calls))).toEqual(new Set(["/.well-known/jwks.json"]));
    const before = calls.length;
    await hp.receipts.verify(run);
    expect(calls).toHaveLength(before);
  });

  test("reads the keys again when it meets one it has not heard of, and then believes them", async () => {
    const [, retired, log] = keys.keys;
    const { hp, calls } = client({ keys: [retired, log] }, keys);
    const refused = await hp.receipts.verify(receipt).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "RECEIPT_KEY_UNKNOWN" });
    expect(calls).toHaveLength(1);
    expect(await hp.receipts.verify(receipt)).toMatchObject({ id: receipt.id });
    expect(calls).toHaveLength(2);
  });

  test.each(vectors.invalid)("$name: $code", async ({ receipt: bad, code }) => {
    const { hp } = offline();
    const error = await hp.receipts.verify(bad, { keys, ...subject }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ReceiptVerificationError);
    expect(error).toMatchObject({ code, retryable: false });
  });

  test("another project's receipt is refused, whatever key signed it", async () => {
    const { fetch } = scriptFetch(keys);
    const apiKey = formatApiKey("prj_01h455vb4pex5vsknk084sn02r", "s".repeat(43));
    const stranger = new Holdpoint({ apiKey, baseUrl: BASE_URL, fetch });
    await expect(stranger.receipts.verify(receipt)).rejects.toMatchObject({
      code: "RECEIPT_PROJECT_WRONG",
    });
  });

  test("says what is wrong with keys", async () => {
    const { hp } = offline();
    const error = await hp.receipts.verify(receipt, { keys: { keys: [] } }).catch((e) => e);
    expect(error).toBeInstanceOf(ConfigurationError);
    await expect(client({ keys: [] }).hp.receipts.verify(receipt)).rejects.toBeInstanceOf(
      InvalidResponseError,
    );
  });

  test("takes a receipt that is not in the log yet only when told to", async () => {
    const { hp } = offline();
    const { log: _, ...unlogged } = receipt as { readonly log?: unknown };
    await expect(hp.receipts.verify(unlogged, { keys })).rejects.toMatchObject({
      code: "RECEIPT_NOT_INCLUDED",
    });
    const verified = await hp.receipts.verify(unlogged, { keys, allowUnlogged: true });
    expect("log" in verified).toBe(false);
  });
});
