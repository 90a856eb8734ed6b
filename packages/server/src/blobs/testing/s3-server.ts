import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sign } from "aws4";
import S3rver from "s3rver";

/** s3rver knows this one account. */
export const CREDENTIALS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };

/** A real S3-compatible server on a port of its own. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly bucket: string;
}

/**
 * s3rver keeps the objects but leaves signatures of version 4 unchecked, so they are checked here
 * first, with an implementation that is not Amazon's.
 */
export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-s3-"));
  const bucket = "holdpoint-states";
  const s3 = new S3rver({ silent: true, directory, configureBuckets: [{ name: bucket }] });
  await s3.configureBuckets();
  const handle = s3.callback();
  const server = createServer((request, response) => {
    if (isSigned(request)) handle(request, response);
    else response.writeHead(403, { connection: "close" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}

/** Whether the caller has signed this very call: method, path, query, and the headers it names. */
function isSigned({ method = "", url = "", headers }: IncomingMessage): boolean {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const signQuery = searchParams.has("X-Amz-Signature");
  const given = signQuery ? searchParams.get("X-Amz-Signature") : partOf(headers, "Signature");
  const names = signQuery
    ? searchParams.get("X-Amz-SignedHeaders")
    : partOf(headers, "SignedHeaders");
  if (!given || !names) return false;
  searchParams.delete("X-Amz-Signature");
  const signed = Object.fromEntries(names.split(";").map((name) => [name, headers[name] ?? ""]));
  const call = {
    service: "s3",
    region: "us-east-1",
    method,
    host: headers.host ?? "",
    path: `${pathname}?${searchParams}`,
    headers: signed,
    signQuery,
  };
  const ours = sign(call, CREDENTIALS);
  const signature = signQuery
    ? new URL(ours.path ?? "", "http://s3").searchParams.get("X-Amz-Signature")
    : partOf({ authorization: String(ours.headers?.Authorization) }, "Signature");
  return signature === given;
}

function partOf(headers: { readonly authorization?: string | undefined }, name: string) {
  return new RegExp(`${name}=([^,]+)`).exec(headers.authorization ?? "")?.[1];
}
