import type { WireRequest } from "@holdpoint/protocol";
import { TriangleAlert } from "lucide-react";
import { Chip } from "../ui/chip.js";
import { spellUnseen } from "../ui/visible-text.js";
import { effectText } from "./words.js";

/** In a row: that the shield found something. Its sentence on hover, and on the request's page. */
export function ShieldMark({ request: { shield } }: { request: WireRequest }) {
  if (shield?.anomalous !== true) return null;
  return (
    <Chip strong title={spellUnseen(shield.explanation)}>
      <TriangleAlert size={11} aria-hidden /> {effectText(shield).toLowerCase()}
    </Chip>
  );
}
