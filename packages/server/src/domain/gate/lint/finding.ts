import type { ValidationIssue } from "@holdpoint/protocol";

/** Something to be said of a manifest. With an error it cannot be registered. */
export interface Finding extends ValidationIssue {
  readonly severity: "error" | "warning";
}

export function error(path: string, message: string): Finding {
  return { severity: "error", path, message };
}

export function warning(path: string, message: string): Finding {
  return { severity: "warning", path, message };
}
