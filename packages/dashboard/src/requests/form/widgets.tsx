import {
  enumOptionsIndexForValue,
  enumOptionsValueForIndex,
  type RegistryWidgetsType,
  type WidgetProps,
} from "@rjsf/utils";
import { useState } from "react";
import { spellName, unseenCodes } from "../../ui/visible-text.js";
import { emptyOf } from "./fields.js";
import { describedBy } from "./templates.js";

/** Beyond this a single line hides more than it shows. */
const LINE_LENGTH = 72;

function TextWidget(props: WidgetProps) {
  const { id, value, schema, onChange, disabled, readonly, rawErrors } = props;
  const text =
    typeof value === "string"
      ? value
      : value === undefined || value === null
        ? ""
        : JSON.stringify(value);
  // Chosen once: a field must not turn into another one under the person's hands. A line break
  // would be lost in a one-line field.
  const [long] = useState(() => text.length > LINE_LENGTH || text.includes("\n"));
  const common = {
    id,
    value: text,
    // A fixed value is locked once it is right; choosing another branch leaves it to be filled in.
    readOnly: Boolean(
      disabled || readonly || (schema.const !== undefined && value === schema.const),
    ),
    placeholder: value === null ? "null" : value === undefined ? "not set" : "",
    spellCheck: false,
    autoComplete: "off",
    "aria-invalid": (rawErrors?.length ?? 0) > 0,
    "aria-describedby": describedBy(id),
    onChange: ({ target }: { target: { value: string } }) =>
      onChange(target.value === "" ? emptyText(schema) : target.value),
  } as const;
  const unseen = unseenCodes(text);
  return (
    <>
      {long ? (
        <textarea {...common} rows={rowsFor(text)} className="field font-mono text-sm" />
      ) : (
        <input {...common} type="text" className="field font-mono" />
      )}
      {unseen.length > 0 && (
        <p className="mt-1 text-sm text-removed">
          Contains characters one cannot see: <span className="font-mono">{unseen.join(" ")}</span>
        </p>
      )}
    </>
  );
}

/** An emptied text: nothing, unless the schema does not ask for any length. */
function emptyText(schema: WidgetProps["schema"]): string | null | undefined {
  return schema.minLength === undefined && schema.format === undefined ? "" : emptyOf(schema);
}

function rowsFor(text: string): number {
  const wrapped = text
    .split("\n")
    .reduce((rows, line) => rows + Math.ceil((line.length + 1) / LINE_LENGTH), 0);
  return Math.min(16, Math.max(2, wrapped));
}

function DateWidget(props: WidgetProps) {
  const { id, value, schema, onChange, disabled, readonly, rawErrors } = props;
  const [native] = useState(() => value === undefined || /^\d{4}-\d{2}-\d{2}$/.test(String(value)));
  if (!native) return <TextWidget {...props} />;
  return (
    <span className="flex items-center gap-3">
      <input
        id={id}
        type="date"
        className="field max-w-48 font-mono"
        value={value ?? ""}
        readOnly={Boolean(disabled || readonly)}
        aria-invalid={(rawErrors?.length ?? 0) > 0}
        aria-describedby={describedBy(id)}
        onChange={({ target }) => onChange(target.value === "" ? emptyOf(schema) : target.value)}
      />
      {/* The picker writes days and months in the reader's order; this is what is sent. */}
      <span className="font-mono text-sm text-faint">{value}</span>
    </span>
  );
}

function SelectWidget(props: WidgetProps) {
  const {
    id,
    value,
    schema,
    options,
    multiple,
    required,
    onChange,
    disabled,
    readonly,
    rawErrors,
  } = props;
  const { enumOptions = [] } = options;
  const chosen = enumOptionsIndexForValue(value, enumOptions, Boolean(multiple));
  return (
    <select
      id={id}
      multiple={Boolean(multiple)}
      aria-label={unionLabel(id)}
      className="field w-auto! max-w-full min-w-48 font-mono"
      value={chosen ?? (multiple ? [] : "")}
      disabled={Boolean(disabled || readonly)}
      aria-invalid={(rawErrors?.length ?? 0) > 0}
      aria-describedby={describedBy(id)}
      onChange={({ target }) => {
        const picked = multiple
          ? [...target.selectedOptions].map((option) => option.value)
          : target.value;
        onChange(picked === "" ? emptyOf(schema) : enumOptionsValueForIndex(picked, enumOptions));
      }}
    >
      {!multiple && (!required || chosen === undefined) && <option value="">not set</option>}
      {enumOptions.map(({ label }, index) => (
        <option key={label} value={String(index)}>
          {spellName(String(label), 200)}
        </option>
      ))}
    </select>
  );
}

/** The choice between branches of a union has no label of its own in the form library. */
function unionLabel(id: string): string | undefined {
  const name = /([^/]*)__(?:any|one)of_select$/.exec(id)?.[1];
  return name === undefined ? undefined : `Kind of ${name}`;
}

export const WIDGETS: RegistryWidgetsType = {
  TextWidget,
  TextareaWidget: TextWidget,
  PasswordWidget: TextWidget,
  EmailWidget: TextWidget,
  URLWidget: TextWidget,
  ColorWidget: TextWidget,
  FileWidget: TextWidget,
  TimeWidget: TextWidget,
  DateTimeWidget: TextWidget,
  DateWidget,
  SelectWidget,
  RadioWidget: SelectWidget,
  CheckboxesWidget: SelectWidget,
};
