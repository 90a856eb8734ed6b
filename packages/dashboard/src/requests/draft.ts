import {
  type Diff,
  diffPayload,
  isEmptyPatch,
  type JsonValue,
  type ValidationIssue,
} from "@holdpoint/protocol";

/** A person's edit in progress. `text` is set while it is being typed as JSON. */
export interface Draft {
  /** Absent while what is typed is not JSON, or nothing. */
  readonly value?: JsonValue;
  readonly text?: string;
}

/** What the approve button would do now. */
export type ApprovalPlan =
  | { readonly kind: "as-sent"; readonly label: string }
  | {
      readonly kind: "edited";
      readonly label: string;
      readonly patch: JsonValue;
      readonly diff: Diff;
    }
  | {
      readonly kind: "blocked";
      readonly label: string;
      readonly issues: readonly ValidationIssue[];
      readonly diff?: Diff;
    };

/** Judges a draft against what the agent sent. */
export function planApproval(
  original: JsonValue,
  draft: Draft | undefined,
  validate: (value: JsonValue) => readonly ValidationIssue[],
): ApprovalPlan {
  if (draft === undefined) return { kind: "as-sent", label: "Approve as sent" };
  if (draft.value === undefined) return block([{ path: "", message: "This is not JSON yet." }]);
  const diff = diffPayload(original, draft.value);
  if (diff.changes.length === 0) return { kind: "as-sent", label: "Approve as sent" };
  if (isEmptyPatch(draft.value)) {
    return block(
      [{ path: "", message: "An edit may not empty the payload. Reject instead." }],
      diff,
    );
  }
  const issues = validate(draft.value);
  if (issues.length > 0) return block(issues, diff);
  return { kind: "edited", label: approveLabel(diff.changes.length), patch: draft.value, diff };
}

function block(issues: readonly ValidationIssue[], diff?: Diff): ApprovalPlan {
  return { kind: "blocked", label: "Approve", issues, ...(diff ? { diff } : {}) };
}

function approveLabel(changes: number): string {
  return changes === 1 ? "Approve with 1 change" : `Approve with ${changes} changes`;
}
