import type {
  SensitiveKind,
  ShieldEffect,
  ShieldMode,
  ShieldSignal,
  WireShieldVerdict,
} from "@holdpoint/protocol";
import type { WireShieldBaseline, WireShieldDetails } from "@holdpoint/protocol/shield";

const MODE_NAMES: Readonly<Record<ShieldMode, string>> = {
  shadow: "Learning",
  locked: "Locked",
  enforce: "Enforcing",
};

export function modeName(mode: string): string {
  return Object.hasOwn(MODE_NAMES, mode) ? MODE_NAMES[mode as ShieldMode] : mode;
}

/** What a mode does, in one sentence. */
export const MODE_MEANINGS: Readonly<Record<ShieldMode, string>> = {
  shadow: "Everything that happens is learnt. What departs is told, and nothing is held.",
  locked: "The baseline stands. What departs from it is told and not learnt; nothing is held.",
  enforce: "What departs from the baseline waits for a person, also where the policy allows it.",
};

const SIGNAL_NAMES: Readonly<Record<ShieldSignal, string>> = {
  path: "unusual way",
  structure: "unusual arguments",
  velocity: "too many steps a minute",
  loop: "the same call again",
  sensitive: "sensitive data",
  run_cost: "cost of the run",
  paused: "paused run",
};

export function signalName(signal: string): string {
  return Object.hasOwn(SIGNAL_NAMES, signal) ? SIGNAL_NAMES[signal as ShieldSignal] : signal;
}

const SENSITIVE_NAMES: Readonly<Record<SensitiveKind, string>> = {
  card_number: "Card numbers",
  iban: "IBANs",
  email: "E-mail addresses",
  private_key: "Private keys",
  access_token: "Access tokens",
};

export function sensitiveName(kind: SensitiveKind): string {
  return SENSITIVE_NAMES[kind];
}

/** What came of an anomaly: `Held by the shield`. Empty for what is as usual. */
export function effectText(verdict: Pick<WireShieldVerdict, "anomalous" | "effect" | "mode">) {
  if (!verdict.anomalous) return "";
  return Object.hasOwn(EFFECTS, verdict.effect) ? EFFECTS[verdict.effect](verdict.mode) : "Unusual";
}

const EFFECTS: Readonly<Record<ShieldEffect, (mode: ShieldMode) => string>> = {
  held: () => "Held by the shield",
  denied: () => "Denied by the shield",
  warned: () => "Unusual",
  none: (mode) => (mode === "shadow" ? "Unusual, while it learns" : "Unusual"),
};

/** What it means for the request that the shield found something. */
export function effectMeaning({ effect, mode }: Pick<WireShieldVerdict, "effect" | "mode">) {
  switch (effect) {
    case "held":
      return "Without the shield the policy would have let it run.";
    case "denied":
      return "The policy would have let it run, and its action asks nobody.";
    case "warned":
      return mode === "enforce"
        ? "A person is asked in any case."
        : "The shield does not enforce here: it changed nothing.";
    default:
      return "It changed nothing.";
  }
}

/** `84 of 200 runs`, and what is missing when there are enough. */
export function learningText({ runs, runs_needed: needed, is_flat: isFlat }: WireShieldBaseline) {
  if (runs < needed) return `${count(runs)} of ${count(needed)} runs`;
  return isFlat ? "enough is known" : "enough runs, still surprising";
}

/** What enforcing would have held of the last days, in a sentence. */
export function wouldText({
  would_have_held: { steps, anomalies, requests },
}: Pick<WireShieldDetails, "would_have_held">): string {
  if (steps === 0) return "Nothing has happened in these days.";
  if (anomalies === 0) return "Nothing departed from the baseline without being held.";
  const all = counted(anomalies, "anomaly", "anomalies");
  if (requests === 0)
    return `${all}, only told of by agents: nobody was asked, so nobody could say no.`;
  const told = anomalies - requests;
  const rest = told === 0 ? "" : ` Of ${count(told)} agents only told.`;
  return `Of ${all}, ${count(requests)} came as asks, purchases or actions, where a person can still say no.${rest}`;
}

/** Why it cannot enforce yet; `undefined` where it can. */
export function lockObstacle({ mode, baseline }: Pick<WireShieldDetails, "mode" | "baseline">) {
  if (mode !== "shadow") return undefined;
  const { runs, runs_needed: needed, is_flat: isFlat } = baseline;
  if (runs < needed) {
    return `Of the ${counted(needed, "run")} it needs, ${count(runs)} have ended. It locks by itself when it has learnt enough, and can enforce then.`;
  }
  if (!isFlat) {
    return "Runs still bring what was not known: its surprise has not flattened. It locks by itself when it has, and can enforce.";
  }
  return "Its surprise has flattened; it locks with the next run that ends, and can enforce then.";
}

const wholeFormat = new Intl.NumberFormat("en-GB");

/** `1,412`. */
export function count(value: number): string {
  return wholeFormat.format(value);
}

/** `1 run`, `1,412 runs`, and with `many`: `2 anomalies`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `92 %`, `4.2 %` and `< 0.1 %`: what is seen is never nothing, and what is left open never certain. */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value === 0) return "0 %";
  if (value < 0.1) return "< 0.1 %";
  if (value > 99.5 && value < 100) return "> 99 %";
  return `${value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}
