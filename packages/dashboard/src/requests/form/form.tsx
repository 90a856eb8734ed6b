import type { JsonObject, JsonValue, ValidationIssue } from "@holdpoint/protocol";
// The package's root also loads a test helper, which would bring in a validator that uses `eval`.
import Form from "@rjsf/core/lib/components/Form.js";
import type { Experimental_DefaultFormStateBehavior } from "@rjsf/utils";
import { useEffect, useMemo, useRef, useState } from "react";
import { Notice } from "../../ui/notice.js";
import { Text } from "../../ui/text.js";
import { hiddenPaths, ID_PREFIX, ID_SEPARATOR } from "./coverage.js";
import { errorSchemaOf } from "./error-schema.js";
import { FIELDS } from "./fields.js";
import { branchValidator } from "./rjsf-validator.js";
import { formSchemaOf } from "./schema.js";
import { type FormContext, TEMPLATES } from "./templates.js";
import { WIDGETS } from "./widgets.js";

/** Drawing a form must never add to a payload what the agent did not send. */
const NOTHING_FILLED_IN: Experimental_DefaultFormStateBehavior = {
  emptyObjectFields: "skipDefaults",
  allOf: "skipDefaults",
  arrayMinItems: { populate: "never" },
  constAsDefaults: "never",
  requiredBooleanDefault: "skip",
};

export interface PayloadFormProps {
  readonly schema: JsonObject;
  readonly value: JsonValue;
  readonly issues: readonly ValidationIssue[];
  readonly changedPaths: ReadonlySet<string>;
  readonly readOnly: boolean;
  readonly onChange: (value: JsonValue | undefined) => void;
}

/** A payload as the fields its schema describes. */
export function PayloadForm({
  schema,
  value,
  issues,
  changedPaths,
  readOnly,
  onChange,
}: PayloadFormProps) {
  const formSchema = useMemo(() => formSchemaOf(schema), [schema]);
  const extraErrors = useMemo(() => errorSchemaOf(issues), [issues]);
  const formContext: FormContext = { changedPaths };
  const container = useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  useEffect(() => {
    // The form library takes a value in over two renders; a frame later both are there.
    const frame = requestAnimationFrame(() => {
      const found = container.current ? hiddenPaths(container.current, value) : [];
      setHidden((before) => (before.join(" ") === found.join(" ") ? before : found));
    });
    return () => cancelAnimationFrame(frame);
  }, [value]);
  return (
    <div ref={container} className="space-y-3">
      {hidden.length > 0 && <LeftOut paths={hidden} />}
      <Form
        tagName="div"
        idPrefix={ID_PREFIX}
        idSeparator={ID_SEPARATOR}
        schema={formSchema}
        formData={value}
        formContext={formContext}
        validator={branchValidator}
        fields={FIELDS}
        widgets={WIDGETS}
        templates={TEMPLATES}
        uiSchema={{ "ui:submitButtonOptions": { norender: true } }}
        experimental_defaultFormStateBehavior={NOTHING_FILLED_IN}
        useFallbackUiForUnsupportedType
        noHtml5Validate
        noValidate
        showErrorList={false}
        extraErrors={extraErrors}
        readonly={readOnly}
        onChange={({ formData }) => onChange(withoutHoles(formData))}
      />
    </div>
  );
}

/** Nobody may approve what they were not shown. */
function LeftOut({ paths }: { paths: readonly string[] }) {
  return (
    <Notice tone="alert" title="This form leaves something out">
      The schema gives no field for{" "}
      <code className="font-mono">
        <Text maxLength={300}>{paths.map((path) => path || "the whole payload").join(", ")}</Text>
      </code>
      . Read shows everything.
    </Notice>
  );
}

/** The form leaves `undefined` where a member was emptied; JSON has no such thing. */
function withoutHoles(formData: unknown): JsonValue | undefined {
  return formData === undefined ? undefined : (JSON.parse(JSON.stringify(formData)) as JsonValue);
}
