import { idSchema, stateSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { operation } from "../../http/operation.js";
import { loadState } from "../../pipeline/states/load.js";
import { toWireState } from "./wire.js";

export const getStateOperation = operation({
  id: "getState",
  tag: "States",
  method: "get",
  path: "/v1/states/{id}",
  audience: { agent: "requests:read" },
  summary: "Find a parked state again",
  description:
    "Its key, and where its encrypted bytes are: `GET` them from `download_url` without any credential. The agent's own states only.",
  params: z.object({ id: idSchema("state") }),
  responses: { 200: { description: "The state as it stands.", schema: stateSchema } },
  async handle({ context, caller, params }) {
    const state = await loadState(context, caller, params.id);
    return { status: 200, body: await toWireState(context.blobs, state) };
  },
});
