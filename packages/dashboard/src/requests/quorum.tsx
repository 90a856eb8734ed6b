import type { WireRequest } from "@holdpoint/protocol";
import { Check } from "lucide-react";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";

/** How many of those who have to approve have done so, and who. Nothing where one is enough. */
export function Quorum({ request }: { request: WireRequest }) {
  const { quorum = 1, approvals = [] } = request;
  if (quorum <= 1) return null;
  return (
    <section aria-label="Approvals" className="space-y-1">
      <p className="font-semibold">{quorumText(request)}</p>
      <ul className="space-y-0.5">
        {approvals.map(({ operator, at }) => (
          <li key={operator.id} className="flex items-baseline gap-2 text-soft">
            <Check size={14} aria-hidden className="shrink-0 self-center text-accent" />
            <span className="min-w-0">
              <Text maxLength={100}>{operator.name}</Text>
            </span>
            <span className="ml-auto text-sm text-faint">
              <Age at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `1 of 2 have approved`. */
export function quorumText({ quorum = 1, approvals = [] }: WireRequest): string {
  return `${approvals.length} of ${quorum} have approved`;
}

/** Whether this operator's approval is counted already. */
export function hasApproved({ approvals = [] }: WireRequest, operatorId: string): boolean {
  return approvals.some(({ operator }) => operator.id === operatorId);
}
