import type { ComponentProps } from "react";

type Look = "primary" | "plain" | "danger" | "stop" | "quiet";

const LOOKS: Readonly<Record<Look, string>> = {
  primary:
    "border-accent bg-accent text-on-accent font-semibold hover:bg-accent-strong hover:border-accent-strong",
  plain: "border-edge bg-panel text-ink hover:bg-well",
  danger: "border-removed bg-panel text-removed hover:bg-removed-wash",
  stop: "border-removed bg-removed text-paper font-semibold hover:opacity-90",
  quiet: "border-transparent bg-transparent text-soft hover:bg-well hover:text-ink",
};

export interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: Look;
}

export function Button({ look = "plain", type = "button", className = "", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`inline-flex min-h-8 items-center justify-center gap-1.5 rounded border px-3 py-1 text-base whitespace-nowrap select-none disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 pointer-coarse:min-h-11 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}

/** A square button with an icon; `label` is its name for everybody who does not see it. */
export function IconButton({ label, className = "", ...rest }: ButtonProps & { label: string }) {
  return (
    <Button
      look="quiet"
      aria-label={label}
      title={label}
      className={`min-w-8 px-1.5 pointer-coarse:min-w-11 ${className}`}
      {...rest}
    />
  );
}
