import { REQUEST_STATUSES } from "@holdpoint/protocol";
import { Search } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { Choice } from "../ui/choice.js";
import type { RequestFilters } from "./queries.js";
import { statusName } from "./status.js";

/** Long enough for a word, short enough to feel live. */
const SEARCH_DELAY_MS = 250;

export interface FilterBarProps {
  readonly filters: RequestFilters;
  /** What the lists offer: values seen so far. */
  readonly seen: Readonly<Record<"service" | "action" | "role", readonly string[]>>;
  /** The status shown when none is chosen, in words. */
  readonly defaultStatus: string;
  readonly onChange: (filters: RequestFilters) => void;
  readonly searchRef?: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ filters, seen, defaultStatus, onChange, searchRef }: FilterBarProps) {
  const set = (name: keyof RequestFilters, value: string) => {
    const { [name]: _, ...rest } = filters;
    onChange(value === "" ? rest : { ...rest, [name]: value });
  };
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField
        value={filters.search ?? ""}
        onChange={(value) => set("search", value)}
        inputRef={searchRef}
      />
      <div className="flex min-w-0 flex-1 gap-2 overflow-x-auto p-0.5 sm:flex-wrap sm:overflow-visible">
        <Choice
          label="Status"
          none={defaultStatus}
          value={filters.status}
          options={REQUEST_STATUSES}
          nameOf={statusName}
          onChange={(value) => set("status", value)}
        />
        {(["service", "action", "role"] as const).map((name) => (
          <Choice
            key={name}
            label={name.charAt(0).toUpperCase() + name.slice(1)}
            none={`Any ${name}`}
            value={filters[name]}
            options={seen[name]}
            onChange={(value) => set(name, value)}
          />
        ))}
      </div>
    </search>
  );
}

function SearchField({
  value,
  onChange,
  inputRef,
}: {
  value: string;
  onChange: (value: string) => void;
  inputRef: RefObject<HTMLInputElement | null> | undefined;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className="relative w-full sm:w-64">
      <Search
        size={14}
        aria-hidden
        className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
      />
      <input
        ref={inputRef}
        type="search"
        aria-label="Search requests"
        placeholder="Search"
        maxLength={200}
        className="field pl-8!"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
    </div>
  );
}
