/** One of a few, all in view. */
export function Segments<Option extends string>({
  label,
  value,
  options,
  nameOf,
  onChange,
}: {
  label: string;
  value: Option;
  options: readonly Option[];
  nameOf: (option: Option) => string;
  onChange: (option: Option) => void;
}) {
  return (
    <fieldset aria-label={label} className="flex gap-1">
      {options.map((option) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => onChange(option)}
          className="rounded-sm px-2 py-0.5 text-sm text-soft hover:bg-well aria-pressed:bg-accent-wash aria-pressed:font-semibold aria-pressed:text-accent-strong pointer-coarse:min-h-11"
        >
          {nameOf(option)}
        </button>
      ))}
    </fieldset>
  );
}
