import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";
import { admitSigned, blobParams, blobPath, blobQuery } from "./path.js";

export const downloadBlobOperation = operation({
  id: "downloadBlob",
  tag: "States",
  method: "get",
  path: blobPath,
  audience: { public: true },
  summary: "Download a state's encrypted bytes",
  description: "Where `download_url` leads when the control plane keeps states itself.",
  params: blobParams,
  query: blobQuery,
  responses: {
    200: { description: "The encrypted state.", contentType: "application/octet-stream" },
  },
  async handle({ context, params, query, http }) {
    const name = { projectId: params.project_id, id: params.id };
    const { expires: expiresAt, signature } = query;
    const served = await admitSigned(context, http, { method: "GET", name, expiresAt, signature });
    const blob = await served.read(name);
    if (blob === undefined) throw notUploaded();
    return new Response(blob.body, {
      headers: {
        "Content-Type": "application/octet-stream",
        "Content-Length": String(blob.sizeBytes),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      },
    });
  },
});

function notUploaded(): ProblemError {
  return new ProblemError({
    code: "STATE_NOT_UPLOADED",
    detail: "Expected a state with its bytes; these never came, or are deleted. Park it again.",
  });
}
