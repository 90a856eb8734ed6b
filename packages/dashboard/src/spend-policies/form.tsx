import { SPEND_CATEGORIES } from "@holdpoint/protocol/spend";
import { type ReactNode, useId } from "react";
import { CurrencyField } from "../money/currency-field.js";
import { CountField, LimitField, LineField, ListField } from "./fields.js";
import { useMember, usePolicyForm } from "./form-context.js";
import { ScheduleFields } from "./schedule-fields.js";

const TIME_ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");

/** Every rule a policy can hold, grouped by the question it answers. What is empty does not bind. */
export function PolicyFormFields() {
  const { draft, onChange } = usePolicyForm();
  return (
    <div className="space-y-4">
      <Group title="Counted in">
        <div className="grid gap-4 sm:grid-cols-2">
          <CurrencyField
            value={draft.currency}
            onChange={(currency) => onChange({ ...draft, currency })}
          />
          <LineField
            path={["timezone"]}
            label="Time zone"
            none="UTC"
            known={TIME_ZONES}
            hint="In which days, weeks and months begin."
          />
        </div>
      </Group>
      <Group title="How much">
        <div className="grid gap-4 sm:grid-cols-2">
          <LimitField path={["per_request_limit"]} label="One purchase" />
          <LimitField path={["daily_limit"]} label="A day" />
          <LimitField path={["weekly_limit"]} label="A week" />
          <LimitField path={["monthly_limit"]} label="A month" />
          <LimitField path={["total_limit"]} label="In all" />
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <CountField path={["requests_per_minute"]} label="Purchases a minute" none="any" />
          <CountField path={["requests_per_hour"]} label="Purchases an hour" none="any" />
        </div>
      </Group>
      <Group title="For what, to whom">
        <div className="grid gap-4 sm:grid-cols-2">
          <ListField
            path={["allowed_categories"]}
            label="Only categories"
            none="any"
            hint="One a line."
          />
          <ListField
            path={["blocked_categories"]}
            label="Never categories"
            none="none"
            hint="One a line."
          />
          <ListField path={["allowed_payees"]} label="Only payees" none="any" hint="One a line." />
          <ListField
            path={["blocked_payees"]}
            label="Never payees"
            none="none"
            hint="One a line."
          />
          <ListField
            path={["categories"]}
            label="The categories there are"
            none={SPEND_CATEGORIES.slice(0, 4).join("\n")}
            hint={`One a line; else the usual ${SPEND_CATEGORIES.length}.`}
          />
          <UnknownCategory />
        </div>
      </Group>
      <Group title="When">
        <ScheduleFields />
      </Group>
      <Group title="Who decides">
        <AutoApprove />
        <div className="grid gap-4 sm:grid-cols-3">
          <LimitField path={["approval_threshold", "amount"]} label="Ask people above" />
          <LineField path={["approval_threshold", "role"]} label="Of the role" none="approver" />
          <CountField path={["approval_threshold", "quorum"]} label="How many" none="1" />
        </div>
        <div className="grid gap-4 sm:grid-cols-3">
          <CountField
            path={["expiry_minutes"]}
            label="Minutes to decide"
            none="30"
            hint="5 to 1440."
          />
          <LimitField
            path={["confirm_tolerance"]}
            label="May cost more by"
            hint="What a confirmation may exceed the approval by."
          />
        </div>
      </Group>
      <Group title="HTTP 402 payments">
        <div className="grid gap-4 sm:grid-cols-2">
          <LimitField path={["x402", "max_per_request"]} label="One payment" />
          <ListField
            path={["x402", "allowed_networks"]}
            label="Only networks"
            none="any"
            hint="CAIP-2, for example eip155:8453."
          />
          <ListField
            path={["x402", "allowed_domains"]}
            label="Only hosts"
            none="any"
            hint="*.example.com is every host below it."
          />
          <ListField path={["x402", "blocked_domains"]} label="Never hosts" none="none" />
          <ListField
            path={["x402", "allowed_assets"]}
            label="Only tokens"
            none="any"
            hint="Addresses of their contracts."
          />
        </div>
      </Group>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-md border border-line bg-panel">
      <h2 className="eyebrow border-b border-line px-4 py-2">{title}</h2>
      <div className="space-y-4 px-4 py-3">{children}</div>
    </section>
  );
}

function UnknownCategory() {
  const id = useId();
  const { value, set } = useMember(["unknown_category"]);
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        A category that is none of them
      </label>
      <select
        id={id}
        className="field mt-1 max-w-72"
        value={value === "reject" ? "reject" : "ask"}
        onChange={({ target }) => set(target.value === "reject" ? "reject" : undefined)}
      >
        <option value="ask">goes to a person</option>
        <option value="reject">is refused</option>
      </select>
    </div>
  );
}

function AutoApprove() {
  const { value, set } = useMember(["auto_approve", "enabled"]);
  const on = value === true;
  const { set: setAll } = useMember(["auto_approve"]);
  return (
    <div className="space-y-3">
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={on}
          onChange={({ target }) => (target.checked ? set(true) : setAll(undefined))}
        />
        <span>
          <span className="font-semibold">Approve without a person</span>
          <span className="block text-sm text-faint">
            What fits every rule. Otherwise every purchase goes to a person.
          </span>
        </span>
      </label>
      {on && (
        <div className="grid gap-4 pl-6 sm:grid-cols-2">
          <LimitField path={["auto_approve", "max_amount"]} label="Up to" />
          <ListField
            path={["auto_approve", "categories"]}
            label="Only in categories"
            none="any"
            hint="One a line."
          />
        </div>
      )}
    </div>
  );
}
