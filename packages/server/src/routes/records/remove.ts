import { deleteRecordsSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";

export const removeRecordsOperation = operation({
  id: "removeRecords",
  tag: "Records",
  method: "delete",
  path: "/v1/records",
  audience: { agent: "requests:write" },
  summary: "Delete one record, or all with a prefix",
  description:
    "Either `key` or `prefix`, which is not empty. At once; what is not there is no error.",
  query: deleteRecordsSchema,
  responses: { 204: { description: "Not there any more." } },
  async handle({ context, caller, query: { key, prefix } }) {
    const { records } = context.store;
    const owner = { projectId: caller.projectId, agentId: caller.agent.id };
    if (key !== undefined) await records.remove(owner, key);
    if (prefix !== undefined) await records.removePrefix(owner, prefix);
    return { status: 204 };
  },
});
