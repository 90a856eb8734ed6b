/** A filter to choose from a list; empty for none. What is chosen is offered, known or not. */
export function Choice({
  label,
  none,
  value = "",
  options,
  nameOf = (option) => option,
  onChange,
}: {
  label: string;
  none: string;
  value?: string | undefined;
  options: readonly string[];
  nameOf?: (option: string) => string;
  onChange: (value: string) => void;
}) {
  const all = value === "" || options.includes(value) ? options : [value, ...options];
  return (
    <select
      aria-label={label}
      className="field w-auto! max-w-44 shrink-0"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{none}</option>
      {all.map((option) => (
        <option key={option} value={option}>
          {nameOf(option)}
        </option>
      ))}
    </select>
  );
}
