import type { WireBudget } from "@holdpoint/protocol/spend";

/** A budget as a bar: spent in full tone, held in half, what is left empty. */
export function Meter({ budget }: { budget: WireBudget }) {
  const allocated = budget.allocated?.amount_minor ?? 0;
  const spent = shareOf(budget.spent.amount_minor, allocated);
  const held = Math.min(shareOf(budget.held.amount_minor, allocated), 100 - spent);
  const over = (budget.available_minor ?? 0) < 0;
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      className="h-2 w-full rounded-sm bg-well outline outline-line"
    >
      <rect width={spent} height="8" className={over ? "fill-removed" : "fill-accent"} />
      <rect x={spent} width={held} height="8" className="fill-accent opacity-40" />
    </svg>
  );
}

/** The tone in which a part of the bar is drawn, beside its name. */
export function Swatch({ name }: { name: string }) {
  if (name !== "Held" && name !== "Spent") return null;
  const tone = name === "Held" ? "opacity-40" : "";
  return <span aria-hidden className={`inline-block size-2 rounded-[1px] bg-accent ${tone}`} />;
}

function shareOf(part: number, whole: number): number {
  if (whole <= 0) return part > 0 ? 100 : 0;
  return Math.min(100, (part / whole) * 100);
}
