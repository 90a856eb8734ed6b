import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import type { ServedBlobs } from "../../blobs/store.js";
import type { Context } from "../../context.js";
import { addressOf } from "../../http/address.js";
import type { HttpContext } from "../../http/operation.js";
import { assertSigned, type SignedCall } from "../../pipeline/states/transfer.js";

export const blobPath = "/v1/blobs/{project_id}/{id}";

export const blobParams = z.object({ project_id: idSchema("project"), id: idSchema("state") });

/** What signs the URL. */
export const blobQuery = z.strictObject({
  expires: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  signature: z.string().max(100),
});

/** Lets in whoever holds a signed URL; counts a refusal against the address it came from. */
export async function admitSigned(
  context: Context,
  http: HttpContext,
  call: SignedCall,
): Promise<ServedBlobs> {
  try {
    return assertSigned(context.blobs, call);
  } catch (error) {
    await context.rateLimiter.consume("perAddress", addressOf(http));
    throw error;
  }
}
