import type { WireReceipt } from "@holdpoint/protocol";
import {
  ReceiptError,
  type ReceiptSubject,
  type TrustedKeys,
  verifyReceipt,
} from "@holdpoint/protocol/receipt";
import {
  invalidInput,
  invalidResponse,
  isId,
  isJsonObject,
  ReceiptVerificationError,
} from "../core.js";
import type { ClientParts } from "../late.js";
import { fetchKeys, readKeys } from "./keys.js";
import type { ComparableRequest, Receipts, VerifyReceiptOptions } from "./options.js";
import { viewReceipt } from "./view.js";

/** The calls behind `hp.receipts`. */
export function createReceipts(parts: ClientParts): Receipts {
  const { options, transport } = parts;
  return {
    async get(id, { signal } = {}) {
      if (!isId("receipt", id)) throw invalidInput("id", "a receipt id (rcp_ and 26 characters)");
      const path = `/v1/receipts/${id}`;
      const body = await transport.call({ method: "GET", path, signal });
      if (!isReceipt(body)) throw invalidResponse("Expected a receipt");
      return body;
    },
    async verify(receipt, given = {}) {
      const verify = async (keys: TrustedKeys) =>
        viewReceipt(
          await verifyReceipt(receipt, {
            keys,
            projectId: options.projectId,
            subject: subjectOf(given),
            allowUnlogged: given.allowUnlogged,
          }),
        );
      try {
        if (given.keys !== undefined) return await verify(await readKeys(given.keys));
        return await withFetchedKeys(parts, given, verify);
      } catch (error) {
        throw error instanceof ReceiptError ? toVerificationError(error) : error;
      }
    },
  };
}

/** A key we have not heard of may be newer than what we remember: then the keys are read again. */
async function withFetchedKeys<Result>(
  parts: ClientParts,
  { signal }: VerifyReceiptOptions,
  verify: (keys: TrustedKeys) => Promise<Result>,
): Promise<Result> {
  const { keys, isFresh } = await fetchKeys(parts, signal);
  try {
    return await verify(keys);
  } catch (error) {
    const isUnknown =
      error instanceof ReceiptError &&
      (error.fault === "unknown_key" || error.fault === "unknown_log_key");
    if (isFresh || !isUnknown) throw error;
    return verify((await fetchKeys(parts, signal, { anew: true })).keys);
  }
}

function subjectOf({ request, execution, set }: VerifyReceiptOptions): ReceiptSubject {
  return {
    ...(request && { request: toWire(request) }),
    ...(execution && { execution }),
    ...(set !== undefined && { set }),
  };
}

/** Decisions and requests of this package spell one member differently from the wire. */
function toWire(request: ComparableRequest): NonNullable<ReceiptSubject["request"]> {
  if (!("patchedPayload" in request)) return request as NonNullable<ReceiptSubject["request"]>;
  const { patchedPayload, ...same } = request;
  return { ...same, patched_payload: patchedPayload } as NonNullable<ReceiptSubject["request"]>;
}

function toVerificationError(error: ReceiptError): ReceiptVerificationError {
  const { code, message } = error;
  return new ReceiptVerificationError({
    code,
    message: `${message} Do not take it for evidence.`,
    cause: error,
  });
}

function isReceipt(value: unknown): value is WireReceipt {
  return isJsonObject(value) && typeof value.id === "string" && typeof value.jws === "string";
}
