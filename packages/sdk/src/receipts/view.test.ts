import type { WireProjectReceiptContent, WireRequestReceiptContent } from "@holdpoint/protocol";
import { expect, test } from "vitest";
import { PROJECT_ID, REQUEST_ID } from "../test-kit/fixtures.js";
import { viewReceipt } from "./view.js";

const digits = REQUEST_ID.slice(4);
const rest = { keyId: "key", digests: { compared: [], notCompared: [] } };
const base = {
  version: 1,
  id: `rcp_${digits}`,
  project_id: PROJECT_ID,
  at: "2026-11-22T12:00:00.000Z",
  actor: { type: "operator", id: `usr_${digits}`, name: "Ada" },
} as const;

test("what the gate and a policy have to do with a request is told in the client's words", () => {
  const content: WireRequestReceiptContent = {
    ...base,
    type: "execution.committed",
    request_id: REQUEST_ID,
    agent_id: `agt_${digits}`,
    service: "gate",
    action: "github-issue",
    priority: "low",
    status: "APPROVED",
    revision: 2,
    execution: { id: `exe_${digits}`, fencing_token: 1 },
    policy: { revision: 3, verdict: "hold", policies: ["urgent"] },
    gate: {
      action_version: "1.0.0",
      action_digest: "sha256:a",
      session_id: `gss_${digits}`,
      lease_id: `lse_${digits}`,
      approved_by: base.actor,
      verification: "verified",
    },
  };
  const receipt = viewReceipt({ content, ...rest });
  expect(receipt).toMatchObject({
    requestId: REQUEST_ID,
    policy: { revision: 3, verdict: "hold", policies: ["urgent"] },
    gate: {
      actionVersion: "1.0.0",
      actionDigest: "sha256:a",
      sessionId: `gss_${digits}`,
      leaseId: `lse_${digits}`,
      approvedBy: { name: "Ada" },
      verification: "verified",
    },
  });
  expect("subject" in receipt).toBe(false);
});

test("a change of a project is about no request", () => {
  const content: WireProjectReceiptContent = {
    ...base,
    type: "policy.changed",
    subject: { id: `pol_${digits}`, revision: 4, digest: "sha256:b" },
  };
  const receipt = viewReceipt({ content, ...rest });
  expect(receipt).toEqual({
    id: base.id,
    type: "policy.changed",
    projectId: PROJECT_ID,
    at: new Date(base.at),
    actor: base.actor,
    subject: { id: `pol_${digits}`, revision: 4, digest: "sha256:b" },
    keyId: "key",
    compared: [],
    notCompared: [],
  });
});
