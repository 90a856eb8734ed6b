import { createStateSchema, stateSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { createState } from "../../pipeline/states/create.js";
import { toCreatedState } from "./wire.js";

export const createStateOperation = operation({
  id: "createState",
  tag: "States",
  method: "post",
  path: "/v1/states",
  audience: { agent: "requests:write" },
  summary: "Park a state",
  description:
    "Makes a state and answers where its encrypted bytes go: `PUT` them to `upload_url` without any credential. The client makes the id, so sending the same body again is safe.",
  body: createStateSchema,
  example: {
    id: "sta_01h455vb4pex5vsknk084sn02q",
    key: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  },
  responses: {
    201: { description: "The new state.", schema: stateSchema },
    200: { description: "Made before, by the same call.", schema: stateSchema },
  },
  async handle({ context, caller, body }) {
    const { state, isNew } = await createState(context, caller, body);
    const answer = await toCreatedState(context.blobs, state, body.size_bytes);
    return { status: isNew ? 201 : 200, body: answer };
  },
});
