import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Clock } from "../domain/clock.js";
import type { BlobName, ServedBlobs, SignedUrl } from "./store.js";

/** How long a signed URL is good for: long enough to upload 1 GiB over a slow line. */
export const URL_LIFETIME_MS = 3_600_000;

export type BlobMethod = "PUT" | "GET";

/** Signs and checks URLs of our own blob route. */
export interface UrlSigner extends Pick<ServedBlobs, "verify"> {
  sign(method: BlobMethod, name: BlobName): SignedUrl;
}

/**
 * URLs of `/v1/blobs`, signed with HMAC-SHA-256 over method, project, state and expiry.
 *
 * @param masterKeys - The first signs, all of them verify, so that a rotation breaks no upload.
 */
export function createUrlSigner(
  masterKeys: readonly string[],
  clock: Clock,
  publicUrl: () => string,
): UrlSigner {
  const keys = masterKeys.map(deriveKey);
  const [signing] = keys;
  if (signing === undefined) throw new TypeError("Expected at least one master key, got none.");
  return {
    sign(method, name) {
      const expiresAt = clock.now() + URL_LIFETIME_MS;
      const url = new URL(`${publicUrl()}/v1/blobs/${name.projectId}/${name.id}`);
      url.searchParams.set("expires", String(expiresAt));
      url.searchParams.set(
        "signature",
        mac(signing, method, name, expiresAt).toString("base64url"),
      );
      return { url: url.href, expiresAt };
    },
    verify(method, name, expiresAt, signature) {
      if (!(expiresAt > clock.now())) return false;
      const given = Buffer.from(signature, "base64url");
      return keys.some((key) => {
        const expected = mac(key, method, name, expiresAt);
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}

/** A key of its own for URLs, so that the master key is used for one thing only. */
function deriveKey(masterKey: string): Buffer {
  const input = Buffer.from(masterKey, "base64url");
  return Buffer.from(hkdfSync("sha256", input, "", "holdpoint.blob-url.v1", 32));
}

/** Over a JSON array, so that no two calls give the same text. */
function mac(key: Buffer, method: BlobMethod, { projectId, id }: BlobName, expiresAt: number) {
  const text = JSON.stringify(["holdpoint.blob-url.v1", method, projectId, id, expiresAt]);
  return createHmac("sha256", key).update(text).digest();
}
