import { LIMITS, type WireExecution, type WireRequest } from "@holdpoint/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useKeyRing } from "../encryption/key-ring-context.js";
import { useSession } from "../session/session.js";
import { FormModal } from "../ui/form-modal.js";
import { reconcileExecution } from "./queries.js";

const OUTCOMES = [
  { outcome: "committed", name: "It ran", about: "The effect is there. It will not run again." },
  { outcome: "failed", name: "It did not run", about: "The effect is not there." },
] as const;

type Outcome = (typeof OUTCOMES)[number]["outcome"];

/** A person settles an execution whose outcome is unknown, with what they found. */
export function SettleDialog({
  request,
  execution,
  onClose,
}: {
  request: WireRequest;
  execution: WireExecution;
  onClose: () => void;
}) {
  const { project } = useSession();
  const { ring } = useKeyRing();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome>();
  const [note, setNote] = useState("");
  const id = useId();
  const settle = useMutation({
    mutationFn: async (chosen: Outcome) => {
      const { sealField } = await import("../encryption/unseal.js");
      const evidence = await sealField(request, "evidence", { note: note.trim() }, ring.keys);
      return reconcileExecution(project.id, execution.id, { outcome: chosen, evidence });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["requests", project.id] });
      onClose();
    },
  });
  return (
    <FormModal
      title="Say what happened"
      action="Settle for good"
      ready={outcome !== undefined && note.trim() !== "" && !settle.isPending}
      error={settle.error}
      onSubmit={() => outcome !== undefined && settle.mutate(outcome)}
      onClose={onClose}
    >
      <fieldset>
        <legend className="font-semibold">What did you find?</legend>
        {OUTCOMES.map((each) => (
          <label key={each.outcome} className="flex min-h-11 items-start gap-2 py-1">
            <input
              type="radio"
              name={`${id}-outcome`}
              className="mt-1 size-4 accent-accent"
              checked={outcome === each.outcome}
              onChange={() => setOutcome(each.outcome)}
            />
            <span>
              {each.name}
              <span className="block text-sm text-faint">{each.about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div>
        <label htmlFor={`${id}-note`} className="font-semibold">
          Evidence
        </label>
        <textarea
          id={`${id}-note`}
          className="field mt-1 min-h-24"
          maxLength={LIMITS.reasonLength}
          placeholder="Where you looked, and what you saw"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <p className="mt-1 text-sm text-faint">Kept with your name, and signed into the receipt.</p>
      </div>
    </FormModal>
  );
}
