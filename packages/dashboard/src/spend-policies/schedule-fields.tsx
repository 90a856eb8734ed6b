import { type ScheduleOverride, WEEKDAYS, type Weekday } from "@holdpoint/protocol/spend";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button, IconButton } from "../ui/button.js";
import { LimitField, WindowsField } from "./fields.js";
import { useMember } from "./form-context.js";

const DAY_NAMES: Readonly<Record<Weekday, string>> = {
  mon: "Mon",
  tue: "Tue",
  wed: "Wed",
  thu: "Thu",
  fri: "Fri",
  sat: "Sat",
  sun: "Sun",
};

const WINDOWS_HINT = "For example 09:00-12:00, 13:00-17:30. 22:00-06:00 ends on the next day.";
const OVERRIDES = ["schedule", "overrides"] as const;

/** When money may be spent: every day, and days that differ. */
export function ScheduleFields() {
  const { value, faults, set } = useMember(OVERRIDES);
  const overrides = (Array.isArray(value) ? value : []) as readonly ScheduleOverride[];
  return (
    <div className="space-y-4">
      <WindowsField
        path={["schedule", "default", "allow"]}
        label="Every day, only at"
        hint={WINDOWS_HINT}
      />
      {overrides.map((override, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day's entry is known by its place, which says which one decides
        <Override key={index} index={index} override={override} />
      ))}
      {faults.length > 0 && overrides.length === 0 && (
        <p className="text-sm text-removed">{faults.join(" ")}</p>
      )}
      <Button onClick={() => set([...overrides, { days: ["sat", "sun"], deny: true }])}>
        <Plus size={14} aria-hidden /> Other rules on some days
      </Button>
    </div>
  );
}

function Override({ index, override }: { index: number; override: ScheduleOverride }) {
  const id = useId();
  const path = [...OVERRIDES, index];
  const { set } = useMember(path);
  const days = useMember([...path, "days"]);
  const deny = override.deny === true;
  const { deny: _denied, allow: _allowed, ...rest } = override;
  const toggle = (day: Weekday, on: boolean) =>
    days.set(WEEKDAYS.filter((each) => (each === day ? on : override.days.includes(each))));
  return (
    <fieldset className="space-y-3 rounded border border-line p-3">
      <legend className="sr-only">Days that differ, {index + 1}</legend>
      <div className="flex flex-wrap items-center gap-1.5">
        {WEEKDAYS.map((day) => (
          <label
            key={day}
            className="flex min-h-8 cursor-pointer items-center gap-1.5 rounded-sm border border-edge px-2 has-checked:border-accent has-checked:bg-accent-wash pointer-coarse:min-h-11"
          >
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={override.days.includes(day)}
              onChange={({ target }) => toggle(day, target.checked)}
            />
            {DAY_NAMES[day]}
          </label>
        ))}
        <IconButton label="Remove these days" className="ml-auto" onClick={() => set(undefined)}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      {days.faults.map((fault) => (
        <p key={fault} className="text-sm text-removed">
          {fault}
        </p>
      ))}
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          id={`${id}-deny`}
          className="size-4 accent-accent"
          checked={deny}
          onChange={({ target }) => set(target.checked ? { ...rest, deny: true } : rest)}
        />
        Spend nothing on these days
      </label>
      {!deny && (
        <div className="grid gap-3 sm:grid-cols-2">
          <WindowsField path={[...path, "allow"]} label="On these days, only at" />
          <LimitField path={[...path, "daily_limit"]} label="A day instead" />
        </div>
      )}
    </fieldset>
  );
}
