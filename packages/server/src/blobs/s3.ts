import type { S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../domain/clock.js";
import { URL_LIFETIME_MS } from "./signature.js";
import type { BlobName, BlobStore, SignedUrl } from "./store.js";

export interface S3BlobOptions {
  readonly bucket: string;
  /** Default `us-east-1`, which most servers other than Amazon's take. */
  readonly region?: string;
  /** Of a server other than Amazon's. Clients upload there too, so it is one they can reach. */
  readonly endpoint?: string;
  /** Puts the bucket into the path instead of the host name. Default: true with an `endpoint`. */
  readonly forcePathStyle?: boolean;
  /** Default: where the AWS SDK looks, such as `AWS_ACCESS_KEY_ID` or the role of the machine. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Put before every object's name. Default `states/`. */
  readonly prefix?: string;
}

/**
 * Blobs in a bucket. Clients upload and download by presigned URLs, so that no byte of a state
 * passes through here. The AWS SDK is loaded with the first call.
 */
export function createS3Blobs(options: S3BlobOptions, clock: Clock): BlobStore {
  const { bucket: Bucket, prefix = "states/" } = options;
  let connected: Promise<S3Client> | undefined;
  const connect = () => {
    connected ??= openClient(options);
    return connected;
  };
  const objectOf = ({ projectId, id }: BlobName) => ({
    Bucket,
    Key: `${prefix}${projectId}/${id}`,
  });

  async function sign(
    command: "PutObjectCommand" | "GetObjectCommand",
    input: { Bucket: string; Key: string; ContentLength?: number },
  ): Promise<SignedUrl> {
    const [sdk, { getSignedUrl }, client] = await Promise.all([
      import("@aws-sdk/client-s3"),
      import("@aws-sdk/s3-request-presigner"),
      connect(),
    ]);
    const expiresIn = URL_LIFETIME_MS / 1_000;
    const expiresAt = clock.now() + URL_LIFETIME_MS;
    // Signed with the system's time, which is what the storage host goes by.
    const url =
      command === "PutObjectCommand"
        ? await getSignedUrl(client, new sdk.PutObjectCommand(input), {
            expiresIn,
            ...(input.ContentLength !== undefined && {
              signableHeaders: new Set(["host", "content-length"]),
            }),
          })
        : await getSignedUrl(client, new sdk.GetObjectCommand(input), { expiresIn });
    return { url, expiresAt };
  }

  return {
    signUpload: (name, sizeBytes) =>
      sign("PutObjectCommand", {
        ...objectOf(name),
        ...(sizeBytes !== undefined && { ContentLength: sizeBytes }),
      }),
    signDownload: (name) => sign("GetObjectCommand", objectOf(name)),
    async size(name) {
      const { HeadObjectCommand } = await import("@aws-sdk/client-s3");
      const client = await connect();
      try {
        const { ContentLength } = await client.send(new HeadObjectCommand(objectOf(name)));
        return ContentLength;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async delete(name) {
      const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
      const client = await connect();
      await client.send(new DeleteObjectCommand(objectOf(name))).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    // An object is there as a whole or not at all.
    async clean() {},
    async close() {
      (await connected)?.destroy();
    },
  };
}

async function openClient(options: S3BlobOptions): Promise<S3Client> {
  const { endpoint, region = "us-east-1", credentials } = options;
  const { S3Client } = await import("@aws-sdk/client-s3");
  return new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    ...(credentials !== undefined && { credentials }),
    // A checksum in a presigned URL would be that of no bytes.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = Object(error) as {
    name?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  return name === "NotFound" || name === "NoSuchKey" || $metadata?.httpStatusCode === 404;
}
