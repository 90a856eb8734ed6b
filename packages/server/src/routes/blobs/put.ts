import { operation } from "../../http/operation.js";
import { receiveState } from "../../pipeline/states/transfer.js";
import { admitSigned, blobParams, blobPath, blobQuery } from "./path.js";

export const uploadBlobOperation = operation({
  id: "uploadBlob",
  tag: "States",
  method: "put",
  path: blobPath,
  audience: { public: true },
  summary: "Upload a state's encrypted bytes",
  description:
    "Where `upload_url` leads when the control plane keeps states itself. The body is the encrypted state, see docs/reference/state-format.md. The first whole upload stands.",
  params: blobParams,
  query: blobQuery,
  responses: { 204: { description: "Kept, durably." } },
  async handle({ context, params, query, http }) {
    const name = { projectId: params.project_id, id: params.id };
    const { expires: expiresAt, signature } = query;
    const served = await admitSigned(context, http, { method: "PUT", name, expiresAt, signature });
    const declared = http.req.header("content-length");
    const declaredBytes = declared === undefined ? undefined : Number(declared);
    const body = (http.req.raw.body ?? []) as unknown as AsyncIterable<Uint8Array>;
    await receiveState(context, served, name, body, declaredBytes);
    return { status: 204 };
  },
});
