import { SENSITIVE_KINDS } from "@holdpoint/protocol";
import type { WireShieldSettings } from "@holdpoint/protocol/shield";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { AmountField } from "../money/amount-field.js";
import { CurrencyField } from "../money/currency-field.js";
import { isServerError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { FormModal } from "../ui/form-modal.js";
import { Notice } from "../ui/notice.js";
import { type ShieldPlace, setShieldSettings, shieldKey } from "./queries.js";
import {
  BOUNDS,
  type Bounds,
  draftOf,
  readWhole,
  type SettingsDraft,
  type SettingsTerms,
  settingsOf,
} from "./rules-form.js";
import { SettingsList } from "./settings-list.js";
import { count, sensitiveName } from "./words.js";

/** How surprising an anomaly is, and the rules, each with what it is about. Never put over unseen ones. */
export function SettingsDialog({
  place,
  settings,
  onClose,
}: {
  place: ShieldPlace;
  /** What stands by now. */
  settings: WireShieldSettings;
  onClose: () => void;
}) {
  const { project } = useSession();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(settings));
  const [base, setBase] = useState(settings.revision);
  const wanted = settingsOf(draft);
  const put = (part: Partial<SettingsDraft>) => setDraft((before) => ({ ...before, ...part }));
  const reload = () => client.invalidateQueries({ queryKey: shieldKey(project.id) });
  const save = useMutation({
    mutationFn: (terms: SettingsTerms) =>
      setShieldSettings(project.id, place, { base_revision: base, ...terms }),
    onSuccess: async () => {
      await reload();
      onClose();
    },
    onError: (error) => (isServerError(error, "REVISION_CONFLICT") ? reload() : undefined),
  });
  // One's own change comes in too, before the form is gone.
  const isStale = base !== settings.revision && !save.isPending;
  const goOnFrom = (start: SettingsDraft) => {
    setDraft(start);
    setBase(settings.revision);
    save.reset();
  };
  return (
    <FormModal
      title="Settings of the shield"
      action="Save"
      ready={wanted !== undefined && !save.isPending && !isStale}
      error={isStale ? undefined : save.error}
      onSubmit={() => wanted !== undefined && save.mutate(wanted)}
      onClose={onClose}
    >
      <NumberField
        label="An anomaly is as surprising as one run in"
        about="Lower holds more, also of what is harmless: with 100, about one harmless run in a hundred is held once. Enforcing begins after twice as many runs."
        bounds={BOUNDS.holdOneIn}
        value={draft.holdOneIn}
        onChange={(holdOneIn) => put({ holdOneIn })}
      />
      <NumberField
        label="Anomalies in a row that pause a run"
        about="Everything the run asks for is held then, until a person calls a step of it usual. Only where the shield enforces."
        bounds={BOUNDS.pauseAfter}
        value={draft.pauseAfter}
        onChange={(pauseAfter) => put({ pauseAfter })}
      />
      <fieldset className="space-y-4 border-t border-line pt-3">
        <legend className="eyebrow float-left mb-2 w-full">
          Rules, whatever was learnt. Empty: off
        </legend>
        <NumberField
          label="Steps of a run in a minute, at most"
          about="Holds a run that suddenly works faster than its task allows."
          bounds={BOUNDS.maxPerMinute}
          isOptional
          value={draft.maxPerMinute}
          onChange={(maxPerMinute) => put({ maxPerMinute })}
        />
        <NumberField
          label="The same call in a row, at most"
          about="Breaks loops: the same action with the same arguments. Counted where the agent sends fingerprints, as our SDK does."
          bounds={BOUNDS.maxRepeats}
          isOptional
          value={draft.maxRepeats}
          onChange={(maxRepeats) => put({ maxRepeats })}
        />
        <Kinds draft={draft} put={put} />
        <div>
          <div className="grid gap-4 sm:grid-cols-2">
            <AmountField
              label="Cost of a run, at most"
              currency={draft.currency}
              value={draft.maxCost}
              onChange={(maxCost) => put({ maxCost })}
              aside="optional"
            />
            <CurrencyField value={draft.currency} onChange={(currency) => put({ currency })} />
          </div>
          <p className="mt-0.5 text-sm text-faint">
            Counts what its purchases and its calls of the gate are known to cost, in this currency.
          </p>
        </div>
      </fieldset>
      {isStale && (
        <div ref={reveal}>
          <Notice tone="alert" title="Somebody has set others meanwhile">
            <p>This is what stands now:</p>
            <SettingsList settings={settings} />
            <div className="mt-2 flex flex-wrap gap-2">
              <Button onClick={() => goOnFrom(draftOf(settings))}>
                Give mine up and load these
              </Button>
              <Button onClick={() => goOnFrom(draft)}>Keep mine, to save over these</Button>
            </div>
          </Notice>
        </div>
      )}
    </FormModal>
  );
}

/** The form is longer than many screens, and what keeps it from being saved must be seen. */
function reveal(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

/** Kinds of data that hold a request. */
function Kinds({
  draft,
  put,
}: {
  draft: SettingsDraft;
  put: (part: Partial<SettingsDraft>) => void;
}) {
  return (
    <fieldset>
      <legend className="font-semibold">Data that must not leave</legend>
      <p className="text-sm text-faint">
        Looked for in payloads that can be read here, and by agents whose SDK looks before it
        encrypts.
      </p>
      <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
        {SENSITIVE_KINDS.map((kind) => (
          <label key={kind} className="flex items-center gap-2 pointer-coarse:min-h-11">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={draft.kinds.includes(kind)}
              onChange={({ target }) =>
                put({
                  kinds: target.checked
                    ? [...draft.kinds, kind]
                    : draft.kinds.filter((each) => each !== kind),
                })
              }
            />
            {sensitiveName(kind)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function NumberField({
  label,
  about,
  bounds,
  isOptional = false,
  value,
  onChange,
}: {
  label: string;
  about: string;
  bounds: Bounds;
  isOptional?: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  const isEmpty = value.trim() === "";
  const isWrong = isEmpty ? !isOptional : readWhole(value, bounds) === undefined;
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <span className="ml-2 text-xs text-faint">
        {count(bounds.min)} … {count(bounds.max)}
      </span>
      <input
        id={id}
        inputMode="numeric"
        className="field mt-1 max-w-32 block"
        aria-describedby={`${id}-about`}
        aria-invalid={isWrong}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id={`${id}-about`} className="mt-0.5 text-sm text-faint">
        {about}
      </p>
    </div>
  );
}
