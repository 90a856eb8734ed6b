import type { WireList, WireOperator } from "@holdpoint/protocol";
import type { OperatorClient } from "../../api/client.js";

export async function listOperators(client: OperatorClient): Promise<WireList<WireOperator>> {
  const { listSchema, operatorSchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireList<WireOperator>>({ path: "/v1/operators" }, listSchema(operatorSchema));
}
