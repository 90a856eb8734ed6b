import { createTestControlPlane, type DecisionScript } from "@holdpoint/testing";
import { describe, expect, test } from "vitest";

async function askTool(decisions: DecisionScript): Promise<string> {
  await using holdpoint = await createTestControlPlane({ decisions });
  const askFirst = holdpoint.client().tool("db-agent", "run_sql", "critical");
  return await askFirst({ sql: "DROP TABLE users;" });
}

describe("[S-TOOL] what a model reads", () => {
  test("approved: what may run", async () => {
    const text = await askTool("approve");
    expect(text).toMatch(/^APPROVED/);
    expect(text).toContain('{"sql":"DROP TABLE users;"}');
  });

  test("edited: what may run and what changed", async () => {
    const text = await askTool([
      { decision: "approve", patch: { sql: "SELECT 1;" }, reason: "Look first." },
    ]);
    expect(text).toMatch(/^APPROVED/);
    expect(text).toContain('{"sql":"SELECT 1;"}');
    expect(text).toContain('Changed /sql from "DROP TABLE users;" to "SELECT 1;".');
    expect(text).toContain("Look first.");
  });

  test("rejected: stop, and the person's reason", async () => {
    const text = await askTool([{ decision: "reject", reason: "Never on a Friday." }]);
    expect(text).toMatch(/^STOP/);
    expect(text).toContain("Never on a Friday.");
    expect(text).not.toContain("DROP TABLE");
  });

  test("[G4] failed: error, and what to do", async () => {
    await using holdpoint = await createTestControlPlane({ decisions: "approve" });
    const revoked = `${holdpoint.apiKey.slice(0, -43)}${"A".repeat(43)}`;
    const text = await holdpoint.client({ apiKey: revoked }).tool("db-agent", "run_sql")("x");
    expect(text).toMatch(/^ERROR/);
    expect(text).toContain("CREDENTIAL_INVALID");
    expect(text).not.toContain(revoked);
  });
});
