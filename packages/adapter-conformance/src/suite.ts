import { describe, expect, test } from "vitest";
import { type ActPlay, actAttacks } from "./act-attacks.js";
import { createActWorld } from "./act-world.js";
import { askAttacks } from "./ask-attacks.js";
import { ATTACKS, type Attack, type AttackId } from "./attacks.js";
import type { AdapterDriver } from "./driver.js";
import { durableAttacks } from "./durable-attacks.js";
import { gateAttacks, type Play } from "./gate-attacks.js";
import { type SpendPlay, spendAttacks } from "./spend-attacks.js";
import { createSpendWorld } from "./spend-world.js";
import { playWebhook } from "./webhook-attack.js";
import { createWorld } from "./world.js";

/** A real framework on a busy machine, 50 conversations at once. */
const TIMEOUT_MS = 120_000;

const PLAYS = {
  ...gateAttacks,
  ...askAttacks,
  ...durableAttacks,
  webhook: playWebhook,
} as const satisfies Partial<Record<AttackId, Play>>;

const SPEND_PLAYS = spendAttacks satisfies Partial<Record<AttackId, SpendPlay>>;

const ACT_PLAYS = actAttacks satisfies Readonly<
  Record<Exclude<AttackId, keyof typeof PLAYS | keyof typeof SPEND_PLAYS>, ActPlay>
>;

/**
 * Registers every attack against an adapter, each on a control plane of its own. What the framework
 * makes impossible is not registered: the driver says why, and the table in `docs/` shows it.
 */
export function adapterConformance(driver: AdapterDriver): void {
  const { skips = {} } = driver;
  describe(`${driver.name} stands`, () => {
    for (const attack of ATTACKS) {
      if (Object.hasOwn(skips, attack.id)) continue;
      test(`${attack.id}: ${attack.what}`, { timeout: TIMEOUT_MS }, () => play(driver, attack));
    }
    test("what it does not stand is there, and has its reason", () => {
      const known: readonly string[] = ATTACKS.map(({ id }) => id);
      for (const [id, reason] of Object.entries(skips)) {
        expect(known).toContain(id);
        expect(reason?.length).toBeGreaterThan(20);
      }
    });
  });
}

/** Plays one attack. @throws when the adapter does not stand it. */
export async function play(driver: AdapterDriver, { id, way }: Attack): Promise<void> {
  if (way === "spend") {
    await using world = await createSpendWorld();
    await SPEND_PLAYS[id as keyof typeof SPEND_PLAYS](driver, world);
    return;
  }
  if (way === "act") {
    await using world = await createActWorld();
    await ACT_PLAYS[id as keyof typeof ACT_PLAYS](driver, world);
    return;
  }
  // What is parked lies with the control plane, so there it has to be ciphertext.
  const encryptionKey = way === "durable" ? KEY : undefined;
  await using world = await createWorld(encryptionKey);
  await PLAYS[id as keyof typeof PLAYS](driver, world);
}

const KEY = Buffer.alloc(32, 9).toString("base64url");
