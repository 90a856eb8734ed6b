import type { ShieldMode } from "@holdpoint/protocol";
import { Eye, Lock, type LucideIcon, ShieldCheck } from "lucide-react";
import { MODE_MEANINGS, modeName } from "./words.js";

const ICONS: Readonly<Record<ShieldMode, LucideIcon>> = {
  shadow: Eye,
  locked: Lock,
  enforce: ShieldCheck,
};

/** How far a profile is trusted, as a word and a sign. */
export function ModeMark({ mode }: { mode: ShieldMode }) {
  const Icon = ICONS[mode];
  return (
    <span
      title={MODE_MEANINGS[mode]}
      className={`inline-flex items-center gap-1.5 ${mode === "enforce" ? "font-semibold text-accent-strong" : ""}`}
    >
      <Icon size={14} aria-hidden />
      {modeName(mode)}
    </span>
  );
}
