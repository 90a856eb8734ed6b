import { formatPointer } from "@holdpoint/protocol";
import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { createContext, use } from "react";
import { type MemberPath, memberAt, withMember } from "./draft.js";
import type { DraftReview } from "./review.js";

export interface PolicyForm {
  readonly draft: SpendPolicy;
  readonly review: DraftReview;
  readonly onChange: (draft: SpendPolicy) => void;
}

export const PolicyFormContext = createContext<PolicyForm | undefined>(undefined);

export function usePolicyForm(): PolicyForm {
  const form = use(PolicyFormContext);
  if (form === undefined) throw new TypeError("usePolicyForm needs a policy form around it.");
  return form;
}

export interface Member {
  readonly value: unknown;
  /** What is wrong with it, or with something inside it. */
  readonly faults: readonly string[];
  /** `undefined` takes the member away. */
  readonly set: (value: unknown) => void;
}

/** One member of the policy under edit. */
export function useMember(path: MemberPath): Member {
  const { draft, review, onChange } = usePolicyForm();
  const pointer = formatPointer(path);
  const faults = review.issues
    .filter((issue) => issue.path === pointer || issue.path.startsWith(`${pointer}/`))
    .map(({ message }) => message);
  return {
    value: memberAt(draft, path),
    faults: [...new Set(faults)],
    set: (value) => onChange(withMember(draft, path, value)),
  };
}
