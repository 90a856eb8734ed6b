import type { WireActor } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";

/** One version of an action. Its manifest never changes. */
export interface Action {
  readonly projectId: string;
  readonly id: string;
  readonly version: string;
  /** `sha256:<hex>` of the manifest's canonical JSON. */
  readonly digest: string;
  readonly manifest: ActionManifest;
  readonly registeredAt: number;
  readonly registeredBy: WireActor;
  /** The event of its registration. */
  readonly eventId: string;
  readonly withdrawnAt?: number;
}

/** Whether the agent gets what it gives. */
export function returnsOutput({ manifest }: Pick<Action, "manifest">): boolean {
  return manifest.returns_output !== false;
}
