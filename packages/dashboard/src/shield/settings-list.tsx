import type { WireShieldRules, WireShieldSettings } from "@holdpoint/protocol/shield";
import { formatMoney } from "../money/format.js";
import { count, sensitiveName } from "./words.js";

/** What an anomaly is, when a run is paused, and each rule. */
export function SettingsList({ settings }: { settings: WireShieldSettings }) {
  const { hold_one_in: holdOneIn, pause_after: pauseAfter, rules } = settings;
  return (
    <dl className="mt-1 space-y-1">
      <Line name="An anomaly is">as surprising as 1 run in {count(holdOneIn)}</Line>
      <Line name="A run is paused">after {count(pauseAfter)} anomalies in a row</Line>
      <Line name="Speed">{velocityText(rules)}</Line>
      <Line name="Loops">{loopText(rules)}</Line>
      <Line name="Sensitive data">{sensitiveText(rules)}</Line>
      <Line name="Cost of a run">{costText(rules)}</Line>
    </dl>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex gap-x-3">
      <dt className="w-32 shrink-0 text-soft">{name}</dt>
      <dd className="min-w-0">{children ?? <span className="text-faint">off</span>}</dd>
    </div>
  );
}

function velocityText({ velocity }: WireShieldRules) {
  return velocity && `up to ${count(velocity.max_per_minute)} steps a minute`;
}

function loopText({ loop }: WireShieldRules) {
  return loop && `the same call up to ${count(loop.max_repeats)} times in a row`;
}

function sensitiveText({ sensitive }: WireShieldRules) {
  return sensitive && `held: ${sensitive.kinds.map(sensitiveName).join(", ")}`;
}

function costText({ run_cost: cost }: WireShieldRules) {
  return cost && `up to ${formatMoney({ amount_minor: cost.max_minor, currency: cost.currency })}`;
}
