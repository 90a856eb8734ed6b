import { formatPointer, type JsonObject } from "@holdpoint/protocol";
import {
  ADDITIONAL_PROPERTY_FLAG,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  type FieldTemplateProps,
  type IconButtonProps,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type WrapIfAdditionalTemplateProps,
} from "@rjsf/utils";
import { ArrowDown, ArrowUp, Copy, Plus, X } from "lucide-react";
import { Button, IconButton } from "../../ui/button.js";
import { Text } from "../../ui/text.js";
import { describeLimits } from "./schema.js";

/** What the page tells the form about the draft. */
export interface FormContext {
  /** JSON Pointers of what the person has changed. */
  readonly changedPaths: ReadonlySet<string>;
}

/** Ids of a field's hint and errors, for `aria-describedby`. */
export function describedBy(id: string): string {
  return `${id}-hint ${id}-errors`;
}

function FieldTemplate(props: FieldTemplateProps) {
  const { id, children, rawErrors = [], required, displayLabel, schema, hidden } = props;
  if (hidden) return <div hidden>{children}</div>;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  const isGroup = type === "object" || type === "array";
  const changed = isChanged(props);
  const additional = ADDITIONAL_PROPERTY_FLAG in schema;
  if (!displayLabel && type !== "boolean") {
    return (
      <WrapIfAdditional {...props}>
        {children}
        {!isGroup && <Hint id={id} schema={schema as JsonObject} />}
        <Errors id={id} errors={rawErrors} />
      </WrapIfAdditional>
    );
  }
  return (
    <WrapIfAdditional {...props}>
      <div
        className={`${additional ? "" : "sm:grid sm:grid-cols-[9rem_minmax(0,1fr)] sm:gap-x-3"} ${changed ? "-ml-3 border-l-3 border-accent pl-2.25" : ""}`}
      >
        <div
          className={
            additional
              ? "sr-only"
              : "mb-0.5 flex flex-wrap content-start items-baseline gap-x-2 sm:pt-1.25"
          }
        >
          <label htmlFor={id} id={`${id}-label`} className="font-semibold">
            <Text maxLength={100}>{labelOf(props)}</Text>
          </label>
          {!required && <span className="text-xs text-faint">optional</span>}
          {changed && <span className="text-xs text-accent">changed</span>}
        </div>
        <div className="min-w-0">
          {children}
          <Hint id={id} schema={schema as JsonObject} />
          <Errors id={id} errors={rawErrors} />
        </div>
      </div>
    </WrapIfAdditional>
  );
}

/** Items of a list are named by their place: `tags 2`. */
function labelOf({ label, fieldPathId }: FieldTemplateProps): string {
  const place = fieldPathId.path.at(-1);
  return typeof place === "number" ? label.replace(/-(\d+)$/, " $1") : label;
}

function Hint({ id, schema }: { id: string; schema: JsonObject }) {
  const limits = describeLimits(schema);
  const words = typeof schema.description === "string" ? schema.description : "";
  return (
    <p id={`${id}-hint`} className="mt-1 text-sm text-faint empty:hidden">
      {words !== "" && <Text maxLength={300}>{words}</Text>}
      {words !== "" && limits !== "" && " · "}
      {limits !== "" && <Text maxLength={200}>{limits}</Text>}
    </p>
  );
}

function Errors({ id, errors }: { id: string; errors: readonly string[] }) {
  return (
    <ul id={`${id}-errors`} className="text-sm text-removed empty:hidden">
      {errors.map((error) => (
        <li key={error}>{error}</li>
      ))}
    </ul>
  );
}

function isChanged({ fieldPathId, registry }: FieldTemplateProps): boolean {
  const context = registry.formContext as FormContext | undefined;
  const pointer = formatPointer(fieldPathId.path);
  return context?.changedPaths.has(pointer) === true;
}

function WrapIfAdditional(props: FieldTemplateProps | WrapIfAdditionalTemplateProps) {
  const { id, label, schema, disabled, readonly, children, onKeyRenameBlur, onRemoveProperty } =
    props;
  if (!(ADDITIONAL_PROPERTY_FLAG in schema)) return <div>{children}</div>;
  const locked = Boolean(disabled || readonly);
  return (
    <div className="flex items-start gap-2">
      <div className="w-36 shrink-0">
        <label htmlFor={`${id}-key`} className="sr-only">
          Name of {label}
        </label>
        <input
          id={`${id}-key`}
          key={label}
          type="text"
          className="field font-mono"
          defaultValue={label}
          readOnly={locked}
          onBlur={onKeyRenameBlur}
        />
      </div>
      <div className="min-w-0 flex-1">{children}</div>
      {!locked && (
        <IconButton label={`Remove ${label}`} className="sm:mt-0" onClick={onRemoveProperty}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { title, description, properties, schema, disabled, readonly, onAddProperty, fieldPathId } =
    props;
  if ((schema.oneOf || schema.anyOf) && !schema.properties && properties.length === 0) return null;
  const root = fieldPathId.path.length === 0;
  const open = schema.additionalProperties;
  // An empty schema there only makes unnamed members visible; the agent did not invite more.
  const mayAdd =
    open === true || (typeof open === "object" && open !== null && Object.keys(open).length > 0);
  return (
    <fieldset
      id={fieldPathId.$id}
      className={root ? "" : "rounded border border-line px-3 pt-1 pb-3"}
    >
      <legend className={root ? "sr-only" : "px-1 font-semibold"}>
        <Text maxLength={100}>{root ? "Payload" : title.replace(/-(\d+)$/, " $1")}</Text>
      </legend>
      {description && typeof description === "string" && (
        <p className="mb-2 text-sm text-faint">
          <Text maxLength={300}>{description}</Text>
        </p>
      )}
      <div className="space-y-3">
        {properties.map(({ name, content, hidden }) =>
          hidden ? null : <div key={name}>{content}</div>,
        )}
      </div>
      {mayAdd && !disabled && !readonly && (
        <AddButton className="mt-3" onClick={onAddProperty} label="Add member" />
      )}
    </fieldset>
  );
}

function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { title, items, canAdd, onAddClick, disabled, readonly, schema, fieldPathId } = props;
  return (
    <fieldset id={fieldPathId.$id} className="rounded border border-line px-3 pt-1 pb-3">
      <legend className="px-1 font-semibold">
        <Text maxLength={100}>{title || "Items"}</Text>
        <span className="ml-2 text-xs font-normal text-faint">
          {items.length} {items.length === 1 ? "item" : "items"}
        </span>
      </legend>
      <Hint id={fieldPathId.$id} schema={schema as JsonObject} />
      <div className="space-y-2">{items}</div>
      {canAdd && !disabled && !readonly && (
        <AddButton className="mt-2" onClick={onAddClick} label={`Add to ${title || "items"}`} />
      )}
    </fieldset>
  );
}

function ArrayFieldItemTemplate({
  children,
  buttonsProps,
  index,
  hasToolbar,
}: ArrayFieldItemTemplateProps) {
  const {
    hasMoveUp,
    hasMoveDown,
    hasRemove,
    onMoveUpItem,
    onMoveDownItem,
    onRemoveItem,
    disabled,
    readonly,
  } = buttonsProps;
  const locked = Boolean(disabled || readonly);
  const place = index + 1;
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">{children}</div>
      {hasToolbar && !locked && (
        <div className="flex shrink-0 max-sm:pt-5.5">
          {(hasMoveUp || hasMoveDown) && (
            <>
              <IconButton
                label={`Move item ${place} up`}
                disabled={!hasMoveUp}
                onClick={onMoveUpItem}
              >
                <ArrowUp size={14} aria-hidden />
              </IconButton>
              <IconButton
                label={`Move item ${place} down`}
                disabled={!hasMoveDown}
                onClick={onMoveDownItem}
              >
                <ArrowDown size={14} aria-hidden />
              </IconButton>
            </>
          )}
          {hasRemove && (
            <IconButton label={`Remove item ${place}`} onClick={onRemoveItem}>
              <X size={14} aria-hidden />
            </IconButton>
          )}
        </div>
      )}
    </div>
  );
}

function MultiSchemaFieldTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className="space-y-2 rounded border border-line p-3">
      <div className="text-sm">{selector}</div>
      {optionSchemaField}
    </div>
  );
}

function AddButton({
  label,
  onClick,
  className = "",
}: {
  label: string;
  onClick?: (event: never) => void;
  className?: string;
}) {
  return (
    <Button className={className} onClick={onClick as React.MouseEventHandler<HTMLButtonElement>}>
      <Plus size={14} aria-hidden />
      {label}
    </Button>
  );
}

function CopyItemButton({ onClick }: IconButtonProps) {
  return (
    <IconButton label="Duplicate" onClick={onClick}>
      <Copy size={14} aria-hidden />
    </IconButton>
  );
}

export const TEMPLATES: Partial<Omit<TemplatesType, "ButtonTemplates">> & {
  ButtonTemplates: Partial<TemplatesType["ButtonTemplates"]>;
} = {
  FieldTemplate,
  WrapIfAdditionalTemplate: WrapIfAdditional,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  MultiSchemaFieldTemplate,
  FieldErrorTemplate: () => null,
  FieldHelpTemplate: () => null,
  DescriptionFieldTemplate: () => null,
  ButtonTemplates: { CopyButton: CopyItemButton },
};
