import { putRecordsSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { putRecords } from "../../pipeline/records/put.js";

export const putRecordsOperation = operation({
  id: "putRecords",
  tag: "Records",
  method: "post",
  path: "/v1/records",
  audience: { agent: "requests:write" },
  summary: "Put records",
  description:
    "All of them or none. What is there is replaced, unless `if_absent`. Sending the same body again is safe.",
  body: putRecordsSchema,
  example: { records: [{ key: "thread-7/checkpoint/0042", value: { step: 42 } }] },
  responses: { 204: { description: "Kept." } },
  async handle({ context, caller, body }) {
    await putRecords(context, caller, body);
    return { status: 204 };
  },
});
