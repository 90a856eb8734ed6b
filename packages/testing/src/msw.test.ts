import { Holdpoint } from "@holdpoint/sdk";
import { setupServer } from "msw/node";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTestControlPlane } from "./index.js";
import { holdpointHandlers } from "./msw.js";

const server = setupServer();
server.listen({ onUnhandledRequest: "error" });
afterEach(() => {
  server.resetHandlers();
  vi.unstubAllEnvs();
});

/** An agent as its author wrote it: its own client, the global `fetch`, nothing passed in. */
async function runAgent() {
  const decision = await new Holdpoint().ask({
    service: "mailer",
    action: "send",
    payload: { to: "everyone@example.com" },
  });
  return decision.approved ? "sent" : `stopped: ${decision.reason}`;
}

describe("holdpointHandlers", () => {
  test("an agent with its own client is decided by the test", async () => {
    await using holdpoint = await createTestControlPlane({
      decisions: [{ decision: "reject", reason: "Not to everyone." }, "approve"],
    });
    server.use(...holdpointHandlers(holdpoint));
    vi.stubEnv("HOLDPOINT_API_KEY", holdpoint.apiKey);
    expect(await runAgent()).toBe("stopped: Not to everyone.");
    expect(await runAgent()).toBe("sent");
  });

  test("a guarded function with its own client runs once", async () => {
    await using holdpoint = await createTestControlPlane({ decisions: "approve" });
    server.use(...holdpointHandlers(holdpoint));
    vi.stubEnv("HOLDPOINT_API_KEY", holdpoint.apiKey);
    let sent = 0;
    const subject = { service: "mailer", action: "send", key: "welcome-7" };
    const send = new Holdpoint().guard(subject, async () => {
      sent += 1;
      return { sent };
    });
    expect(await send({ to: "ada" })).toEqual({ sent: 1 });
    expect(await send({ to: "ada" })).toEqual({ sent: 1 });
  });

  test("answers at another URL, below a path", async () => {
    await using holdpoint = await createTestControlPlane({ decisions: "approve" });
    server.use(...holdpointHandlers(holdpoint, { url: "https://hold.example.com/base/" }));
    vi.stubEnv("HOLDPOINT_API_KEY", holdpoint.apiKey);
    vi.stubEnv("HOLDPOINT_URL", "https://hold.example.com/base");
    expect(await runAgent()).toBe("sent");
  });
});
