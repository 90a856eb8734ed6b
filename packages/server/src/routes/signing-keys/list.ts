import type { WireSigningKeys } from "@holdpoint/protocol";
import { signingKeysSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { PUBLIC_HEADERS } from "../log/public.js";
import { toWireSigningKey } from "./wire.js";

export const listSigningKeysOperation = operation({
  id: "listSigningKeys",
  tag: "Receipts",
  method: "get",
  path: "/.well-known/jwks.json",
  audience: { public: true },
  summary: "Read the keys that sign receipts and checkpoints",
  description:
    "Every key there ever was, newest first within each purpose. A key that has been replaced carries `holdpoint_not_after`.",
  responses: {
    200: {
      description: "A JWK Set (RFC 7517).",
      contentType: "application/jwk-set+json",
      schema: signingKeysSchema,
    },
  },
  async handle({ context }) {
    const [keys, { origin }] = await Promise.all([
      context.store.signingKeys.list(),
      context.store.log.head(),
    ]);
    const body: WireSigningKeys = { keys: keys.map((key) => toWireSigningKey(key, origin)) };
    return {
      status: 200,
      body,
      headers: {
        ...PUBLIC_HEADERS,
        "Content-Type": "application/jwk-set+json",
        "Cache-Control": "no-cache",
      },
    };
  },
});
