import { isDeepStrictEqual } from "node:util";
import type { setShieldSettingsSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import { staleBase } from "../../domain/conflict.js";
import type { Mint } from "../../domain/mint.js";
import type { ShieldRules, ShieldSettings } from "../../domain/shield/settings.js";
import type { StoredShieldProfile } from "../../store/verbs/shield.js";
import { loadProfile } from "./load.js";

type SettingsInput = z.output<typeof setShieldSettingsSchema>;

/**
 * Sets what an anomaly is, when a run is paused, and which rules hold. What is not named stays; of rules
 * all are named. Without a difference nothing is changed, whatever it was made from.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`; `REVISION_CONFLICT`: it was made from other settings.
 */
export async function setShieldSettings(
  { store }: Pick<Context, "store">,
  caller: MemberCaller,
  service: string,
  { environment, base_revision: baseRevision, ...input }: SettingsInput,
  mint: Mint,
): Promise<StoredShieldProfile> {
  let changed: StoredShieldProfile | "lost" = "lost";
  // Who loses against somebody else's change sees it the second time.
  while (changed === "lost") {
    const stored = await loadProfile({ store }, caller, service, environment);
    const settings = withInput(stored.settings, input);
    if (isDeepStrictEqual(settings, stored.settings)) return stored;
    if (stored.settingsRevision !== baseRevision) {
      throw staleBase(baseRevision, stored.settingsRevision);
    }
    changed = await store.shield.setSettings(stored.id, {
      eventId: mint.id("evt"),
      at: mint.now,
      actor: operatorActor(caller.operator),
      baseRevision,
      settings,
    });
  }
  return changed;
}

function withInput(
  { holdOneIn, pauseAfter, rules }: ShieldSettings,
  input: Omit<SettingsInput, "environment" | "base_revision">,
): ShieldSettings {
  return {
    holdOneIn: input.hold_one_in ?? holdOneIn,
    pauseAfter: input.pause_after ?? pauseAfter,
    rules: input.rules === undefined ? rules : rulesOf(input.rules),
  };
}

function rulesOf(input: NonNullable<SettingsInput["rules"]>): ShieldRules {
  const { velocity, loop, sensitive, run_cost } = input;
  return {
    ...(velocity !== undefined && { velocity: { maxPerMinute: velocity.max_per_minute } }),
    ...(loop !== undefined && { loop: { maxRepeats: loop.max_repeats } }),
    ...(sensitive !== undefined && { sensitive: { kinds: [...new Set(sensitive.kinds)] } }),
    ...(run_cost !== undefined && {
      runCost: { maxMinor: run_cost.max_minor, currency: run_cost.currency },
    }),
  };
}
