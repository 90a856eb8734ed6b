// @vitest-environment happy-dom
import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import { cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PayloadForm } from "./form.js";

configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);

const schema: JsonObject = {
  type: "object",
  properties: {
    amount: { type: "integer", minimum: 1, default: 7 },
    currency: { type: "string", enum: ["EUR", "USD"], default: "EUR" },
    notify: { type: "boolean", default: true },
    note: { type: "string" },
    lines: { type: "array", minItems: 2, items: { type: "string" } },
    to: { type: "object", properties: { name: { type: "string", default: "x" } } },
  },
  required: ["amount", "notify", "to"],
};

/** A form that holds its value, as the page around it does. */
function Host({
  payload,
  over,
  onChange,
}: {
  payload: JsonValue;
  over: JsonObject;
  onChange: (value: JsonValue | undefined) => void;
}) {
  const [value, setValue] = useState<JsonValue>(payload);
  return (
    <PayloadForm
      schema={over}
      value={value}
      issues={[]}
      changedPaths={new Set()}
      readOnly={false}
      onChange={(next) => {
        onChange(next);
        setValue(next as JsonValue);
      }}
    />
  );
}

function mount(payload: JsonValue, over: JsonObject = schema) {
  const changes = vi.fn<(value: JsonValue | undefined) => void>();
  render(<Host payload={payload} over={over} onChange={changes} />);
  return { changes, last: () => changes.mock.lastCall?.[0] };
}

describe("PayloadForm", () => {
  it("changes nothing by being drawn", () => {
    const { changes } = mount({ amount: 5 });
    expect(changes).not.toHaveBeenCalled();
  });

  it("changes only what is edited", () => {
    const { last } = mount({ amount: 5, note: "hi" });
    fireEvent.change(screen.getByLabelText("amount"), { target: { value: "6" } });
    expect(last()).toEqual({ amount: 6, note: "hi" });
  });

  it("shows members the schema does not name", () => {
    mount({ amount: 5, secret_flag: "turned-on" });
    expect(screen.getByDisplayValue("turned-on")).toBeDefined();
    expect(screen.getByDisplayValue("secret_flag")).toBeDefined();
  });

  it("chooses from an enum", () => {
    const { last } = mount({ amount: 5, currency: "EUR" });
    fireEvent.change(screen.getByLabelText(/currency/), { target: { value: "1" } });
    expect(last()).toEqual({ amount: 5, currency: "USD" });
  });

  it("keeps a boolean that is not set apart from false", () => {
    const { last } = mount({ amount: 5 });
    const [, no, notSet] = screen.getAllByRole<HTMLInputElement>("radio");
    expect(notSet?.checked).toBe(true);
    fireEvent.click(no as HTMLInputElement);
    expect(last()).toEqual({ amount: 5, notify: false });
  });

  it("adds to and removes from lists", () => {
    const { last } = mount({ amount: 5, lines: ["a", "b", "c"] });
    fireEvent.click(screen.getByRole("button", { name: "Remove item 2" }));
    expect(last()).toEqual({ amount: 5, lines: ["a", "c"] });
  });

  it("keeps line breaks of a text", () => {
    const { last } = mount({ amount: 5, note: "one\ntwo" });
    fireEvent.change(screen.getByLabelText(/note/), { target: { value: "one\ntwo\nthree" } });
    expect(last()).toEqual({ amount: 5, note: "one\ntwo\nthree" });
  });

  it("leaves a number that would be rounded as text", () => {
    const { last } = mount({ amount: 5 });
    fireEvent.change(screen.getByLabelText("amount"), { target: { value: "9007199254740993" } });
    expect(last()).toEqual({ amount: "9007199254740993" });
  });

  it.each<JsonObject>([
    { type: "object" },
    { type: "object", properties: { hidden: true } },
    { type: "object", properties: { hidden: {} } },
    { type: "object", properties: { hidden: { type: "object" } } },
    { type: "object", patternProperties: { "^h": { type: "object" } }, properties: {} },
    { type: "object", propertyNames: { maxLength: 9 }, additionalProperties: true },
    { $ref: "#/$defs/it", $defs: { it: { type: "object" } } },
    { allOf: [{ type: "object" }, { properties: { other: { type: "string" } } }] },
  ])("hides nothing of a payload, or says so: %j", async (open) => {
    mount({ hidden: { force: "yes-really" } }, open);
    await waitFor(() => {
      const shown = screen.queryByDisplayValue(/yes-really/);
      const said = screen.queryByText(/This form leaves something out/);
      expect(shown ?? said).not.toBeNull();
    });
  });

  it("keeps the type of what may be of several", () => {
    const { last } = mount(
      { value: 12 },
      { type: "object", properties: { value: { type: ["string", "number"] } } },
    );
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "13" } });
    expect(last()).toEqual({ value: 13 });
  });

  it("gives nothing on while JSON is half typed", () => {
    const { changes } = mount({ anything: [1] }, { type: "object", properties: { anything: {} } });
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "[1, 2" } });
    expect(changes).not.toHaveBeenCalled();
    expect(screen.getByText(/not JSON yet/)).toBeDefined();
  });

  it("offers JSON for what the schema leaves open", () => {
    const open: JsonObject = { type: "object", properties: { anything: {} } };
    const { last } = mount({ anything: { a: 1 } }, open);
    const field = screen.getByRole("textbox");
    fireEvent.change(field, { target: { value: '{"a":2}' } });
    expect(last()).toEqual({ anything: { a: 2 } });
  });
});
