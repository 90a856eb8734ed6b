import type { WireShieldDetails, WireShieldRules } from "@holdpoint/protocol/shield";
import { useState } from "react";
import { formatMoney } from "../money/format.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import type { ShieldPlace } from "./queries.js";
import { SettingsDialog } from "./settings-dialog.js";
import { count, sensitiveName } from "./words.js";

/** What is held, and the rules beside the baseline. */
export function SettingsPanel({
  place,
  details,
}: {
  place: ShieldPlace;
  details: WireShieldDetails;
}) {
  const { roles } = useSession();
  const [isOpen, setOpen] = useState(false);
  const { hold_one_in: holdOneIn, pause_after: pauseAfter, rules } = details.settings;
  return (
    <section aria-label="Settings" className="rounded-md border border-line bg-panel px-4 py-3">
      <header className="flex items-center gap-2">
        <h2 className="eyebrow mr-auto">Settings</h2>
        {canAdminister(roles) && (
          <Button look="quiet" onClick={() => setOpen(true)}>
            Change…
          </Button>
        )}
      </header>
      <dl className="mt-1 space-y-1">
        <Line name="An anomaly is">as surprising as 1 run in {count(holdOneIn)}</Line>
        <Line name="A run is paused">after {count(pauseAfter)} anomalies in a row</Line>
        <Line name="Speed">{velocityText(rules)}</Line>
        <Line name="Loops">{loopText(rules)}</Line>
        <Line name="Sensitive data">{sensitiveText(rules)}</Line>
        <Line name="Cost of a run">{costText(rules)}</Line>
      </dl>
      {isOpen && (
        <SettingsDialog place={place} settings={details.settings} onClose={() => setOpen(false)} />
      )}
    </section>
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
