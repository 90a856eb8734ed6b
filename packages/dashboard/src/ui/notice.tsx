import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";

/** Something the person has to know before going on. `alert` is read out at once. */
export function Notice({
  tone = "info",
  title,
  children,
}: {
  tone?: "info" | "alert";
  title: string;
  children?: ReactNode;
}) {
  const alert = tone === "alert";
  const Icon = alert ? CircleAlert : Info;
  return (
    <div
      role={alert ? "alert" : "status"}
      className={`flex gap-2.5 rounded border px-3 py-2 ${alert ? "border-removed bg-removed-wash" : "border-line bg-well"}`}
    >
      <Icon
        size={16}
        aria-hidden
        className={`mt-0.5 shrink-0 ${alert ? "text-removed" : "text-soft"}`}
      />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children && <div className="mt-0.5 text-soft">{children}</div>}
      </div>
    </div>
  );
}
