import type { ReactNode } from "react";
import { FieldName } from "../ui/field-name.js";

/** One thing the server knows, in a list of facts. */
export function Fact({
  name,
  wide = false,
  children,
}: {
  name: string;
  /** Takes a whole line. */
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={`min-w-0 ${wide ? "col-span-full" : ""}`}>
      <dt>
        <FieldName name={name} claimed={false} />
      </dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
