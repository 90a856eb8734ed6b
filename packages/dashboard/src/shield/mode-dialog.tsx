import type { ShieldMode } from "@holdpoint/protocol";
import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { Notice } from "../ui/notice.js";
import { type ShieldPlace, setShieldMode, shieldKey } from "./queries.js";
import { counted, wouldText } from "./words.js";

const TITLES: Readonly<Record<ShieldMode, string>> = {
  shadow: "Learn again",
  locked: "Lock the baseline",
  enforce: "Enforce the baseline",
};

/** Changes the mode, with what that means in view. */
export function ModeDialog({
  place,
  details,
  mode,
  onClose,
}: {
  place: ShieldPlace;
  details: WireShieldDetails;
  mode: ShieldMode;
  onClose: () => void;
}) {
  const { project } = useSession();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => setShieldMode(project.id, place, mode),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: shieldKey(project.id) });
      onClose();
    },
  });
  return (
    <FormModal
      title={TITLES[mode]}
      action={TITLES[mode]}
      ready={!change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Meaning mode={mode} details={details} />
    </FormModal>
  );
}

function Meaning({ mode, details }: { mode: ShieldMode; details: WireShieldDetails }) {
  const { baseline, settings, mode: now } = details;
  if (mode === "shadow") {
    return (
      <p>
        From now on everything counts again, also what departs, and nothing is held. It locks by
        itself once {counted(settings.hold_one_in * 2, "more run")} have ended and its surprise has
        flattened.
      </p>
    );
  }
  if (mode === "locked") {
    return (
      <>
        <p>
          {now === "enforce"
            ? "Nothing is held any more. What departs is told, and counts only when a person has called it usual."
            : `The baseline of ${counted(baseline.runs, "run")} stands from now on. What departs from it is told, and counts only when a person has called it usual.`}
        </p>
        {now === "shadow" && !baseline.is_flat && (
          <Notice tone="alert" title="Its surprise has not flattened">
            It would lock by itself when it has. What is harmless but was not seen yet will be an
            anomaly.
          </Notice>
        )}
      </>
    );
  }
  return (
    <>
      <p>
        From this moment, what departs from the baseline of {counted(baseline.runs, "run")} waits
        for a person, also where the policy would let it run.{" "}
        {counted(settings.pause_after, "anomaly", "anomalies")} in a row pause a run. The shield
        never lets through what the policy does not.
      </p>
      <p className="text-soft">For the last 7 days: {wouldText(details)}</p>
    </>
  );
}
