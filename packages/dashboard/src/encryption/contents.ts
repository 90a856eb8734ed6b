import type { Diff, JsonValue, WireRequest } from "@holdpoint/protocol";
import type { OpenFault } from "@holdpoint/protocol/envelope";

/** What a person can read of a request, and why not the rest. */
export type Contents =
  | {
      readonly state: "readable";
      readonly payload: JsonValue;
      readonly patchedPayload?: JsonValue;
      readonly diff?: Diff;
      /** The key that opened it; absent when the request is not encrypted. */
      readonly keyId?: string;
    }
  | {
      readonly state: "sealed";
      readonly fault: OpenFault;
      /** The key it was made with, where the envelope says so. */
      readonly keyId?: string;
    }
  | {
      /** Retention has deleted it; digests and receipts are all that is left. */
      readonly state: "deleted";
      readonly at: string;
    };

/** The contents of a request that is not encrypted. */
export function plainContents(request: WireRequest): Contents {
  const { payload, patched_payload, diff_summary, contents_deleted_at } = request;
  if (contents_deleted_at !== undefined) return { state: "deleted", at: contents_deleted_at };
  return {
    state: "readable",
    payload: payload as JsonValue,
    ...(patched_payload === undefined ? {} : { patchedPayload: patched_payload as JsonValue }),
    ...(diff_summary === undefined ? {} : { diff: diff_summary }),
  };
}

/** What a person should know and do about an envelope that stays closed. */
export function explainFault(
  fault: OpenFault,
  loadedKeys: number,
): { readonly title: string; readonly advice: string } {
  switch (fault) {
    case "unknown_key":
      return loadedKeys === 0
        ? {
            title: "Encrypted: load the key to read it",
            advice:
              "The payload was encrypted before it left the agent. Load the agent's HOLDPOINT_ENCRYPTION_KEY; it stays in this tab.",
          }
        : {
            title: "Encrypted with another key than the ones loaded",
            advice: "Load the key whose id is shown here. It stays in this tab.",
          };
    case "not_authentic":
      return {
        title: "This ciphertext was changed after it was sealed",
        advice:
          "It does not open with the very key it names. Reject it and tell the agent's owner.",
      };
    case "bad_binding":
      return {
        title: "This ciphertext was made for another request",
        advice: "Somebody moved it here. Reject it and tell the agent's owner.",
      };
    default:
      return {
        title: "This ciphertext is broken",
        advice: "It is not an envelope Holdpoint can open. Reject it and tell the agent's owner.",
      };
  }
}
