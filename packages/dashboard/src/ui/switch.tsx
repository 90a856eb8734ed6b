import { Switch as RadixSwitch } from "radix-ui";
import { type ReactNode, useId } from "react";

/** On or off, at once. */
export function Switch({
  checked,
  disabled = false,
  onChange,
  children,
}: {
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  /** What is on or off. */
  children: ReactNode;
}) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className="flex min-h-8 items-center justify-between gap-3 pointer-coarse:min-h-11"
    >
      {children}
      <RadixSwitch.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        className="h-5 w-9 shrink-0 rounded-full border border-edge bg-well p-px disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <RadixSwitch.Thumb className="block size-4 rounded-full bg-edge transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-on-accent motion-reduce:transition-none" />
      </RadixSwitch.Root>
    </label>
  );
}
