import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button.js";

/** Copies `text`, and says so. Where the clipboard is barred, it says that instead. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [state, setState] = useState<"idle" | "copied" | "barred">("idle");
  const copy = () =>
    void navigator.clipboard
      .writeText(text)
      .then(() => setState("copied"))
      .catch(() => setState("barred"));
  return (
    <Button onClick={copy} onBlur={() => setState("idle")}>
      {state === "copied" ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span aria-live="polite">
        {state === "copied" ? "Copied" : state === "barred" ? "Select and copy it" : label}
      </span>
    </Button>
  );
}

/** Text to take away, whole: a key, a link, a command. */
export function CopyBlock({ label, text }: { label: string; text: string }) {
  return (
    <div className="rounded border border-line bg-well text-ink">
      <div className="flex items-center justify-between gap-2 border-b border-line py-1 pr-1 pl-3">
        <span className="eyebrow">{label}</span>
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        className="max-h-80 overflow-auto p-3 font-mono text-sm whitespace-pre select-all"
      >
        {text}
      </section>
    </div>
  );
}
