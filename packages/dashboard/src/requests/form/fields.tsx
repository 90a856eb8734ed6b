import type { FieldProps, RegistryFieldsType } from "@rjsf/utils";
import { useState } from "react";
import { hasInexactNumber, parseJson } from "../../server/json.js";
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
        readOnly={Boolean(
          disabled || readonly || (schema.const !== undefined && formData === schema.const),
        )}
        placeholder={formData === null ? "null" : formData === undefined ? "not set" : ""}
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
  const current = JSON.stringify(formData, null, 2) ?? "";
  const [typed, setTyped] = useState({ text: current, gave: current });
  // What came from elsewhere, such as discarded changes, replaces what was typed here.
  const text = typed.gave === current ? typed.text : current;
  const broken = typed.gave === current && readJsonText(text) === undefined;
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
          const read = readJsonText(target.value);
          setTyped({
            text: target.value,
            gave: read ? (JSON.stringify(read.value, null, 2) ?? "") : current,
          });
          if (read) onChange(read.value, fieldPathId.path);
        }}
      />
      {broken && (
        <p className="text-sm text-removed">This is not JSON yet; the last valid value stands.</p>
      )}
    </>
  );
}

/** What a text means as JSON; nothing typed means nothing set. `undefined`: not JSON, or not exactly. */
function readJsonText(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === "") return { value: undefined };
  try {
    const value = parseJson(text);
    return hasInexactNumber(value) ? undefined : { value };
  } catch {
    return undefined;
  }
}

export const FIELDS: RegistryFieldsType = { NumberField, BooleanField, FallbackField: JsonField };
