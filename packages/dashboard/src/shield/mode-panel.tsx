import { SHIELD_MODES, type ShieldMode } from "@holdpoint/protocol";
import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { useState } from "react";
import { actorName } from "../requests/status.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { LearningMeter } from "./learning-meter.js";
import { ModeDialog } from "./mode-dialog.js";
import { ModeMark } from "./mode-mark.js";
import type { ShieldPlace } from "./queries.js";
import { count, lockObstacle, MODE_MEANINGS, wouldText } from "./words.js";

/** How far the baseline is trusted, what the next mode would have done, and the switch. */
export function ModePanel({ place, details }: { place: ShieldPlace; details: WireShieldDetails }) {
  const { roles } = useSession();
  const [wanted, setWanted] = useState<ShieldMode>();
  const { mode, baseline } = details;
  const obstacle = lockObstacle(details);
  const isAdmin = canAdminister(roles);
  return (
    <section
      aria-label="Mode"
      className="grid gap-x-8 gap-y-3 rounded-md border border-line bg-panel px-4 py-3 md:grid-cols-2"
    >
      <div className="min-w-0">
        <h2 className="eyebrow">Mode</h2>
        <fieldset aria-label="Mode" className="mt-1 flex flex-wrap gap-1">
          {SHIELD_MODES.map((each) => {
            const isBarred = each === "enforce" && obstacle !== undefined;
            return (
              <button
                key={each}
                type="button"
                aria-pressed={each === mode}
                aria-describedby={isBarred ? "mode-obstacle" : undefined}
                disabled={each !== mode && (isBarred || !isAdmin)}
                onClick={() => each !== mode && setWanted(each)}
                className="rounded border border-edge px-3 py-1 text-soft hover:bg-well disabled:cursor-not-allowed disabled:border-line disabled:opacity-60 aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:text-ink pointer-coarse:min-h-11"
              >
                <ModeMark mode={each} />
              </button>
            );
          })}
        </fieldset>
        <p className="mt-1.5 text-soft">{MODE_MEANINGS[mode]}</p>
        {obstacle !== undefined && (
          <div id="mode-obstacle" className="mt-1.5">
            <LearningMeter baseline={baseline} />
            <p className="text-sm text-faint">{obstacle}</p>
          </div>
        )}
        {!isAdmin && <p className="mt-1.5 text-sm text-faint">Only an admin changes the mode.</p>}
        <ChangedBy details={details} />
      </div>
      <WouldHaveHeld details={details} />
      {wanted !== undefined && (
        <ModeDialog
          place={place}
          details={details}
          mode={wanted}
          onClose={() => setWanted(undefined)}
        />
      )}
    </section>
  );
}

/** What enforcing would have held, in numbers. */
function WouldHaveHeld({ details }: { details: WireShieldDetails }) {
  const { would_have_held: would, mode } = details;
  return (
    <div className="min-w-0">
      <h2 className="eyebrow">
        {mode === "enforce" ? "In 7 days, beside what it held" : "Had it enforced for 7 days"}
      </h2>
      <dl className="mt-1 flex flex-wrap gap-x-8 gap-y-1">
        <Figure name="steps" value={would.steps} />
        <Figure name={would.anomalies === 1 ? "anomaly" : "anomalies"} value={would.anomalies} />
        <Figure
          name={mode === "enforce" ? "could have been held" : "would have been held"}
          value={would.requests}
          isLoud
        />
      </dl>
      <p className="mt-1 text-sm text-faint">{wouldText(details)}</p>
    </div>
  );
}

function Figure({
  name,
  value,
  isLoud = false,
}: {
  name: string;
  value: number;
  isLoud?: boolean;
}) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className={`text-2xl leading-none ${isLoud ? "font-semibold" : ""}`}>{count(value)}</dd>
    </div>
  );
}

function ChangedBy({
  details: { changed_at: at, changed_by: by },
}: {
  details: WireShieldDetails;
}) {
  if (at === undefined) return null;
  return (
    <p className="mt-1.5 text-sm text-faint">
      Changed <Age at={at} />
      {by !== undefined && (
        <>
          {" by "}
          {by.type === "system" ? "Holdpoint itself" : <Text maxLength={100}>{actorName(by)}</Text>}
        </>
      )}
      .
    </p>
  );
}
