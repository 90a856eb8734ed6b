import type { WireList } from "@holdpoint/protocol";
import type { ActionManifest, WireAction } from "@holdpoint/protocol/gate";
import type { OperatorClient } from "../../api/client.js";
import type { Registered } from "../../output/action.js";

export async function fetchActions(client: OperatorClient): Promise<WireList<WireAction>> {
  const { actionSchema, listSchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireList<WireAction>>({ path: "/v1/actions" }, listSchema(actionSchema));
}

/** The version in use, or that of a digest. */
export async function fetchAction(
  client: OperatorClient,
  id: string,
  digest?: string,
): Promise<WireAction> {
  const { actionSchema } = await import("@holdpoint/protocol/schemas");
  return client.call<WireAction>(
    { path: `/v1/actions/${encodeURIComponent(id)}`, query: { digest } },
    actionSchema,
  );
}

/** Registers a manifest. `inUse` is what there was before, which tells what that did. */
export async function registerAction(
  client: OperatorClient,
  manifest: ActionManifest,
  inUse: readonly WireAction[],
): Promise<Registered> {
  const { actionSchema } = await import("@holdpoint/protocol/schemas");
  const { id, version, digest } = await client.call<WireAction>(
    { method: "PUT", path: `/v1/actions/${encodeURIComponent(manifest.id)}`, body: manifest },
    actionSchema,
  );
  const previous = inUse.find((action) => action.id === id);
  if (previous === undefined) return { id, version, digest, outcome: "new" };
  if (previous.digest === digest) return { id, version, digest, outcome: "unchanged" };
  return { id, version, digest, outcome: "replaced", previous_version: previous.version };
}
