import { describe, expect, it } from "vitest";
import { draftOf, type SettingsTerms, settingsOf } from "./rules-form.js";

const plain: SettingsTerms = { hold_one_in: 100, pause_after: 3, rules: {} };
const full: SettingsTerms = {
  hold_one_in: 50,
  pause_after: 2,
  rules: {
    velocity: { max_per_minute: 60 },
    loop: { max_repeats: 5 },
    sensitive: { kinds: ["card_number", "iban"] },
    run_cost: { max_minor: 2_550, currency: "EUR" },
  },
};

describe("the form of the settings", () => {
  it.each([
    ["without rules", plain],
    ["with all of them", full],
  ])("sends what it shows, %s", (_name, settings) => {
    expect(settingsOf(draftOf(settings))).toEqual(settings);
  });

  it("takes a rule away where its field is empty", () => {
    const draft = { ...draftOf(full), maxPerMinute: " ", kinds: [], maxCost: "" };
    expect(settingsOf(draft)?.rules).toEqual({ loop: { max_repeats: 5 } });
  });

  it.each([
    { holdOneIn: "9" },
    { holdOneIn: "" },
    { holdOneIn: "100.5" },
    { pauseAfter: "1" },
    { maxPerMinute: "0" },
    { maxRepeats: "-1" },
    { maxRepeats: "1e3" },
    { maxCost: "1,2,3" },
  ])("sends nothing while something is wrong: %j", (wrong) => {
    expect(settingsOf({ ...draftOf(full), ...wrong })).toBeUndefined();
  });
});
