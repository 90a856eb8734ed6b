import type { JsonValue } from "@holdpoint/protocol";
import type { ReceiptSubject, VerifiedReceipt } from "@holdpoint/protocol/receipt";
import { isRequestReceipt, verifyReceipt } from "@holdpoint/protocol/receipt";
import { findConnection } from "../../api/connection.js";
import { isFault, parseDocumentText } from "../../documents/read.js";
import { holding } from "../../evidence/failure.js";
import { fetchResource } from "../../evidence/fetch.js";
import { parseJson, readText } from "../../evidence/file.js";
import { keysUrl, type LoadedKeys, loadTrustedKeys } from "../../evidence/keys.js";
import { CommandFailure } from "../../failure.js";
import { printAnswer } from "../../output/answer.js";
import { describeEvidence, type Findings, receiptFacts } from "../../output/evidence.js";
import type { Terminal } from "../../terminal.js";
import type { VerifyOptions } from "./options.js";

/** Fetches a receipt as whoever is signed in at that control plane, then verifies it. */
export async function verifyReceiptUrl(
  terminal: Terminal,
  url: string,
  options: VerifyOptions,
): Promise<void> {
  const connection = await findConnection(terminal, {});
  // A credential goes nowhere but to the control plane it belongs to.
  const isOurs = url.startsWith(`${connection.url}/`);
  const credential = isOurs ? (connection.operatorToken ?? connection.apiKey) : undefined;
  const bytes = await fetchResource(terminal, url, credential);
  if (bytes === undefined) {
    throw new CommandFailure({ reason: "notFound", message: `There is no receipt at ${url}.` });
  }
  const value = parseJson(new TextDecoder().decode(bytes), url);
  await verifyReceiptValue(terminal, value, { ...options, keys: options.keys ?? keysUrl(url) });
}

export async function verifyReceiptValue(
  terminal: Terminal,
  value: unknown,
  options: VerifyOptions,
): Promise<void> {
  const loaded = await loadTrustedKeys(terminal, options.keys);
  const subject = await readSubject(terminal, options);
  const verified = await holding(() =>
    verifyReceipt(value, {
      keys: loaded.keys,
      projectId: options.project,
      allowUnlogged: options.allowUnlogged,
      subject,
    }),
  );
  printAnswer(terminal, options, toJson(verified), () => describe(verified, loaded, terminal));
}

async function readSubject(
  terminal: Terminal,
  { request, execution, set }: VerifyOptions,
): Promise<ReceiptSubject> {
  const read = async (path: string) =>
    parseJson(await readText(terminal, path), path) as Record<string, unknown>;
  return {
    ...(request !== undefined && { request: await read(request) }),
    ...(execution !== undefined && { execution: await read(execution) }),
    ...(set !== undefined && { set: await readSet(terminal, set) }),
  };
}

/** A manifest may be YAML; the text of a policy is signed as it is. */
async function readSet(terminal: Terminal, path: string): Promise<JsonValue> {
  const text = await readText(terminal, path);
  if (path.endsWith(".cedar")) return text;
  const read = parseDocumentText(path, text);
  return isFault(read) ? (parseJson(text, path) as JsonValue) : (read.value as JsonValue);
}

function toJson({ content, keyId, log, digests }: VerifiedReceipt) {
  return {
    verified: true,
    kind: "receipt",
    receipt: content,
    key_id: keyId,
    ...(log && {
      log: { index: log.index, origin: log.checkpoint.origin, size: log.checkpoint.size },
    }),
    compared: digests.compared,
    not_compared: digests.notCompared,
  };
}

function describe(verified: VerifiedReceipt, keys: LoadedKeys, { colours }: Terminal): string {
  const facts = receiptFacts(verified.content);
  return describeEvidence("The receipt verifies.", facts, findingsOf(verified, keys), colours);
}

function findingsOf({ keyId, log, digests, content }: VerifiedReceipt, keys: LoadedKeys): Findings {
  const place: readonly [string, string] = log
    ? ["log", `entry ${log.index} of ${log.checkpoint.size} in ${log.checkpoint.origin}`]
    : ["log", "not asked for: nothing shows that others see this receipt, too"];
  const digestsOf = (names: readonly string[], how: string) =>
    names.map((name) => [name, how] as const);
  return {
    checked: [
      ["signature", `by key ${keyId}, trusted from ${keys.origin}`],
      ["form", "canonical JSON of version 1, no more and no less"],
      ...(log ? [place] : []),
      ...digestsOf(digests.compared, "is what was signed: its digest was recomputed"),
    ],
    notChecked: [
      ...(log ? [] : [place]),
      ...digestsOf(
        missingDigests(content, digests.compared),
        isRequestReceipt(content)
          ? "its digest is signed; give --request or --execution to compare"
          : "its digest is signed; give --set to compare",
      ),
      ["others' view", "that the log shows everybody the same: holdpoint verify <control plane>"],
      ["the world", "that the clock was right, and that who decided was not deceived"],
    ],
  };
}

function missingDigests(
  content: VerifiedReceipt["content"],
  compared: readonly string[],
): readonly string[] {
  if (!isRequestReceipt(content)) {
    return content.subject.digest === undefined || compared.includes("set") ? [] : ["what was set"];
  }
  const run = content.execution;
  const signed = {
    payload: content.payload_digest,
    "approved payload": content.approved_digest,
    reason: content.reason_digest,
    result: run?.result_digest,
    error: run?.error_digest,
    evidence: run?.evidence_digest,
  };
  return Object.entries(signed).flatMap(([name, digest]) =>
    digest === undefined || compared.includes(name) ? [] : [name],
  );
}
