import { isId, type WireRequest } from "@holdpoint/protocol";
import type { OperatorClient } from "../../api/client.js";
import { wrongUsage } from "../options.js";

/** Reads one request, whole. */
export async function fetchRequest(client: OperatorClient, id: string): Promise<WireRequest> {
  if (!isId("request", id)) {
    throw wrongUsage("Expected a request id: req_ and 26 characters.", "holdpoint requests ls");
  }
  const { requestSchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireRequest>({ path: `/v1/requests/${id}` }, requestSchema);
}
