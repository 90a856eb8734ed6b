import type { FieldProps, RegistryFieldsType } from "@rjsf/utils";
import { useState } from "react";
import { readNumber } from "./number.js";
import { describedBy } from "./templates.js";

/** A number typed as text: no spinner, no scrolling by accident, no rounding. */
function NumberField(props: FieldProps) {
  const { schema, fieldPathId, formData, onChange, disabled, readonly, rawErrors, registry } =
    props;
  const [typed, setTyped] = useState<string>();
  if (schema.enum !== undefined || schema.oneOf !== undefined) {
    const { StringField } = registry.fields;
    return StringField ? <StringField {...props} /> : null;
  }
  const kept = typed !== undefined && Object.is(readNumber(typed), formData) ? typed : undefined;
  const rounded = typeof formData === "string" && /^-?\d+(\.\d+)?$/.test(formData);
  return (
    <>
      <input
        id={fieldPathId.$id}
        type="text"
        inputMode={
          schema.type === "integer" && !((schema.minimum ?? -1) < 0) ? "numeric" : "decimal"
        }
        autoComplete="off"
        className="field max-w-60 font-mono"
        value={kept ?? (formData === undefined || formData === null ? "" : String(formData))}
        readOnly={Boolean(disabled || readonly)}
        aria-invalid={(rawErrors?.length ?? 0) > 0}
        aria-describedby={describedBy(fieldPathId.$id)}
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(readNumber(target.value) ?? emptyOf(schema), fieldPathId.path);
        }}
      />
      {rounded && <p className="text-sm text-removed">More digits than can be held exactly.</p>}
    </>
  );
}

/** `null` where the schema takes it, else nothing at all. */
export function emptyOf(schema: { readonly type?: unknown }): null | undefined {
  return Array.isArray(schema.type) && schema.type.includes("null") ? null : undefined;
}

/** True and false spelled out; "not set" is its own answer, since an empty box would look like no. */
function BooleanField(props: FieldProps) {
  const { schema, fieldPathId, formData, onChange, disabled, readonly, required, rawErrors } =
    props;
  const locked = Boolean(disabled || readonly);
  const options = [
    { name: "true", value: true },
    { name: "false", value: false },
    ...(required && formData !== undefined ? [] : [{ name: "not set", value: emptyOf(schema) }]),
  ];
  return (
    <div
      id={fieldPathId.$id}
      role="radiogroup"
      aria-labelledby={`${fieldPathId.$id}-label`}
      aria-describedby={describedBy(fieldPathId.$id)}
      aria-invalid={(rawErrors?.length ?? 0) > 0}
      className="inline-flex overflow-hidden rounded border border-edge"
    >
      {options.map(({ name, value }) => (
        <label
          key={name}
          className="flex min-h-8 cursor-pointer items-center border-edge px-3 font-mono text-sm not-first:border-l has-checked:bg-accent-wash has-checked:font-semibold has-checked:text-accent-strong has-focus-visible:outline-2 has-focus-visible:-outline-offset-4 has-focus-visible:outline-current pointer-coarse:min-h-11"
        >
          <input
            type="radio"
            className="sr-only"
            name={fieldPathId.$id}
            checked={formData === value}
            disabled={locked && formData !== value}
            onChange={() => !locked && onChange(value, fieldPathId.path)}
          />
          {name}
        </label>
      ))}
    </div>
  );
}

/** Any JSON, for what a schema leaves open. */
function JsonField({ fieldPathId, formData, onChange, disabled, readonly, rawErrors }: FieldProps) {
  const [text, setText] = useState(() => JSON.stringify(formData, null, 2) ?? "");
  const [broken, setBroken] = useState(false);
  return (
    <>
      <textarea
        id={fieldPathId.$id}
        rows={Math.min(12, text.split("\n").length + 1)}
        spellCheck={false}
        className="field font-mono text-sm"
        value={text}
        readOnly={Boolean(disabled || readonly)}
        aria-invalid={broken || (rawErrors?.length ?? 0) > 0}
        aria-describedby={describedBy(fieldPathId.$id)}
        onChange={({ target }) => {
          setText(target.value);
          try {
            onChange(
              target.value.trim() === "" ? undefined : JSON.parse(target.value),
              fieldPathId.path,
            );
            setBroken(false);
          } catch {
            setBroken(true);
          }
        }}
      />
      {broken && (
        <p className="text-sm text-removed">This is not JSON yet; the last valid value stands.</p>
      )}
    </>
  );
}

export const FIELDS: RegistryFieldsType = { NumberField, BooleanField, FallbackField: JsonField };
