import { describe, expect, it } from "vitest";
import type { ShieldIntent } from "./entry.js";
import { breaches } from "./rules.js";
import { advanceRun, type RunCursor } from "./run.js";
import type { ShieldRules } from "./settings.js";
import { START_AT } from "./testing.js";

const intentOf = (fields: Partial<ShieldIntent> = {}): ShieldIntent => ({
  runKey: "agt_1/a",
  action: "send_email",
  priority: "medium",
  receivedAt: START_AT,
  endsRun: false,
  ...fields,
});

function after(intents: readonly ShieldIntent[]): RunCursor | undefined {
  return intents.reduce<RunCursor | undefined>(
    (cursor, intent) => advanceRun(cursor, { ...intent, surpriseBits: 0, departs: false }),
    undefined,
  );
}

describe("[P-SHIELD-RULES] the rules beside a baseline", () => {
  it("[P-SHIELD-RULES] are off unless they are set", () => {
    const cost = { amountMinor: 1_000_000, currency: "EUR" };
    const many = Array.from({ length: 100 }, () => intentOf({ fingerprint: "f", cost }));
    const intent = intentOf({ fingerprint: "f", cost, sensitive: ["card_number"] });
    expect(breaches({}, after(many), intent)).toEqual([]);
  });

  it("[P-SHIELD-RULES] velocity: steps of a run in any minute", () => {
    const rules: ShieldRules = { velocity: { maxPerMinute: 10 } };
    const at = (seconds: number) => intentOf({ receivedAt: START_AT + seconds * 1_000 });
    const tenAt = (seconds: number) => after(Array.from({ length: 10 }, () => at(seconds)));
    const [breach] = breaches(rules, tenAt(5), at(6));
    expect(breach).toEqual({
      signal: "velocity",
      sentence: "This run has made 11 steps in a minute; the rule allows 10.",
    });
    expect(breaches(rules, after([at(5)]), at(6))).toEqual([]);
    // A minute of the clock begins; the steps before it were made a moment ago.
    expect(breaches(rules, tenAt(59), at(61))).toHaveLength(1);
    expect(breaches(rules, tenAt(59), at(60 + 45))).toEqual([]);
    expect(breaches(rules, tenAt(59), at(121))).toEqual([]);
    // A clock that was put back makes no room.
    expect(breaches(rules, tenAt(59), at(-600))).toHaveLength(1);
  });

  it("[P-SHIELD-RULES] loop: the same action with the same arguments in a row", () => {
    const rules: ShieldRules = { loop: { maxRepeats: 3 } };
    const same = intentOf({ fingerprint: "f" });
    expect(breaches(rules, after([same, same]), same)).toEqual([]);
    expect(breaches(rules, after([same, same, same]), same)).toEqual([
      {
        signal: "loop",
        sentence:
          "This run has called send_email with the same arguments 4 times in a row; the rule allows 3.",
      },
    ]);
    const other = intentOf({ fingerprint: "g" });
    expect(breaches(rules, after([same, same, same]), other)).toEqual([]);
    expect(breaches(rules, after([same, same, other, same]), same)).toEqual([]);
    const another = intentOf({ fingerprint: "f", action: "read" });
    expect(breaches(rules, after([same, same, same]), another)).toEqual([]);
    const unknown = intentOf();
    expect(breaches(rules, after([unknown, unknown, unknown]), unknown)).toEqual([]);
  });

  it("[P-SHIELD-RULES] sensitive: kinds of data that must not leave", () => {
    const rules: ShieldRules = { sensitive: { kinds: ["card_number", "iban"] } };
    const found = intentOf({ sensitive: ["email", "iban"] });
    const [breach] = breaches(rules, undefined, found);
    expect(breach?.signal).toBe("sensitive");
    expect(breach?.sentence).toMatch(/^The arguments of send_email .*: iban\.$/);
    expect(breaches(rules, undefined, intentOf({ sensitive: ["email"] }))).toEqual([]);
    expect(breaches(rules, undefined, intentOf())).toEqual([]);
  });

  it("[P-SHIELD-RULES] run_cost: what a run costs together, in one currency", () => {
    const rules: ShieldRules = { runCost: { maxMinor: 5_000, currency: "EUR" } };
    const costing = (amountMinor: number, currency = "EUR") =>
      intentOf({ cost: { amountMinor, currency } });
    const spent = after([costing(3_000), costing(900_000, "USD"), costing(2_000)]);
    expect(breaches(rules, spent, costing(0))).toEqual([]);
    expect(breaches(rules, spent, costing(1))).toEqual([
      {
        signal: "run_cost",
        sentence:
          "With this step its run costs 5,001 in minor units of EUR; the rule allows 5,000.",
      },
    ]);
    expect(breaches(rules, spent, costing(1, "USD"))).toEqual([]);
    expect(breaches(rules, spent, intentOf())).toEqual([]);
    const hostile: ShieldRules = { runCost: { maxMinor: 0, currency: "__proto__" } };
    expect(breaches(hostile, after([costing(1, "__proto__")]), costing(1, "__proto__"))).toEqual([
      expect.objectContaining({ sentence: expect.stringContaining("costs 2 in") }),
    ]);
  });

  it("[P-SHIELD-RULES] begin anew with a run", () => {
    const rules: ShieldRules = { loop: { maxRepeats: 1 }, velocity: { maxPerMinute: 1 } };
    const step = intentOf({ runKey: "agt_1", fingerprint: "f" });
    const ended = after([{ ...step, endsRun: true }]);
    expect(breaches(rules, ended, step)).toEqual([]);
    expect(breaches(rules, after([step]), step)).toHaveLength(2);
  });
});
