import type { JsonValue } from "@holdpoint/protocol";
import type { ActionProvider } from "@holdpoint/protocol/gate";
import type { ActionRun } from "../../domain/gate/run.js";
import type { CallRules } from "../egress/call.js";

/** What a provider has brought back from a call that succeeded. */
export interface ProviderResult {
  readonly output: JsonValue;
  /** Where there was one answer of HTTP. */
  readonly status?: number;
}

/**
 * One way of running an action.
 *
 * @throws {FaultError} for whatever is no success.
 */
export type Provider<Kind extends ActionProvider["type"]> = (
  provider: Extract<ActionProvider, { type: Kind }>,
  run: ActionRun,
  rules: CallRules,
) => Promise<ProviderResult>;
