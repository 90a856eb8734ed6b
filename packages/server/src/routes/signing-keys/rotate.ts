import { rotateSigningKeySchema, signingKeySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { rotateSigningKey } from "../../pipeline/accounts/signing-key.js";
import { toWireSigningKey } from "./wire.js";

export const rotateSigningKeyOperation = operation({
  id: "rotateSigningKey",
  tag: "Receipts",
  method: "post",
  path: "/v1/signing-keys/rotate",
  audience: { operator: "admin" },
  summary: "Replace a signing key",
  description:
    "Draws a new key for what `kid` signs. The old one stays valid for a minute and is listed for ever. A key that has been replaced already is not replaced again.",
  idempotent: true,
  body: rotateSigningKeySchema,
  example: { kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" },
  responses: { 200: { description: "The key that signs from now on.", schema: signingKeySchema } },
  async handle({ context, body }) {
    const key = await rotateSigningKey(context, body.kid);
    const { origin } = await context.store.log.head();
    return { status: 200, body: toWireSigningKey(key, origin) };
  },
});
