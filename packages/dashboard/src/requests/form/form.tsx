import type { JsonObject, JsonValue, ValidationIssue } from "@holdpoint/protocol";
// The package's root also loads a test helper, which would bring in a validator that uses `eval`.
import Form from "@rjsf/core/lib/components/Form.js";
import type { Experimental_DefaultFormStateBehavior } from "@rjsf/utils";
import { useMemo } from "react";
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
  return (
    <Form
      tagName="div"
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
  );
}

/** The form leaves `undefined` where a member was emptied; JSON has no such thing. */
function withoutHoles(formData: unknown): JsonValue | undefined {
  return formData === undefined ? undefined : (JSON.parse(JSON.stringify(formData)) as JsonValue);
}
