import type { ShieldMode } from "@holdpoint/protocol";
import type { setShieldModeSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import type { Mint } from "../../domain/mint.js";
import { ProblemError } from "../../domain/problem.js";
import { isFlat, runsNeeded } from "../../domain/shield/lock.js";
import type { ShieldDescription } from "../../domain/shield/profile.js";
import { grouped } from "../../domain/shield/sentence.js";
import type { StoredShieldProfile } from "../../store/verbs/shield.js";
import { loadProfile } from "./load.js";

type ModeInput = z.output<typeof setShieldModeSchema>;

/**
 * Sets how far a baseline is trusted. In the mode it has already it stays as it is.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`; `SHIELD_NOT_LOCKED`: only one that is locked is enforced.
 */
export async function setShieldMode(
  { store, shield }: Pick<Context, "store" | "shield">,
  caller: MemberCaller,
  service: string,
  { mode, environment }: ModeInput,
  mint: Mint,
): Promise<StoredShieldProfile> {
  let changed: StoredShieldProfile | "lost" = "lost";
  // Who loses against somebody else's change is asked again whether its own still makes sense.
  while (changed === "lost") {
    const stored = await loadProfile({ store }, caller, service, environment);
    if (stored.mode === mode) return stored;
    const description = (await shield.profile(stored.id)).describe();
    assertMayTurn(stored, mode, description);
    changed = await store.shield.setMode(stored.id, {
      eventId: mint.id("evt"),
      at: mint.now,
      actor: operatorActor(caller.operator),
      from: stored.mode,
      mode,
      runs: description.runs,
    });
  }
  return changed;
}

function assertMayTurn(
  { mode: from, settings: { holdOneIn }, learningSinceRuns }: StoredShieldProfile,
  to: ShieldMode,
  description: ShieldDescription,
): void {
  if (from !== "shadow" || to !== "enforce") return;
  const terms = { holdOneIn, learningSinceRuns };
  const needed = runsNeeded(terms) - learningSinceRuns;
  const ended = Math.max(0, description.runs - learningSinceRuns);
  const state = isFlat(description, terms)
    ? "its surprise has flattened, so that it locks itself within seconds"
    : ended < needed
      ? "it locks itself once they have, and its surprise has flattened"
      : "its surprise has not flattened yet";
  throw new ProblemError({
    code: "SHIELD_NOT_LOCKED",
    detail: `Expected a baseline that is locked; this one is in shadow: of the ${grouped(needed)} runs it takes, ${grouped(ended)} have ended, and ${state}. Wait for that, or lock it as it is first.`,
  });
}
