import type { ReactNode } from "react";
import { FieldName } from "./field-name.js";

/** One line of a list of facts: what the server knows, or with `claimed` what an agent says. */
export function Fact({
  name,
  claimed = false,
  className = "",
  children,
}: {
  name: string;
  claimed?: boolean;
  /** For its place in the list. */
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={`min-w-0 ${className}`}>
      <dt>
        <FieldName name={name} claimed={claimed} />
      </dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
