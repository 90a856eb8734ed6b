import type { PolicyQuestion } from "./question.js";

/** Thursday, 2026-01-01T09:30:00Z. */
export const AT = Date.UTC(2026, 0, 1, 9, 30);

/** What an agent asks, in tests. */
export function questionOf(fields: Partial<PolicyQuestion> = {}): PolicyQuestion {
  return {
    projectId: "prj_01h455vb4pex5vsknk084sn02q",
    agent: { id: "agt_01h455vb4pex5vsknk084sn02q", name: "refund-bot" },
    entry: "ask",
    service: "billing",
    action: "refund",
    priority: "medium",
    scopes: ["requests:write"],
    at: AT,
    ...fields,
  };
}
