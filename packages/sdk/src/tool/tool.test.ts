import { describe, expect, test } from "vitest";
import { Holdpoint } from "../holdpoint.js";
import { API_KEY, BASE_URL, decidedRequest, problem } from "../test-kit/fixtures.js";
import { type Reply, type SentCall, scriptFetch, silence } from "../test-kit/scripted-fetch.js";

function connect(reply: Reply, options: object = {}) {
  const { calls, fetch } = scriptFetch(reply);
  const hp = new Holdpoint({
    apiKey: API_KEY,
    baseUrl: BASE_URL,
    fetch,
    maxRetries: 0,
    ...options,
  });
  return { calls, tool: hp.tool("billing", "refund", "high") };
}

/** Answers whatever is asked. */
function answer(...[status, more]: Parameters<typeof decidedRequest>) {
  return (call: SentCall) => {
    const { id, payload } = JSON.parse(call.body ?? "{}");
    return Response.json(decidedRequest(status, { id, payload, ...more }));
  };
}

describe("[S-TOOL] what a model reads", () => {
  test("[S-TOOL] APPROVED, with what may run", async () => {
    const { tool } = connect(answer("APPROVED"));
    expect(await tool({ amount: 500 })).toMatchInlineSnapshot(`
      "APPROVED: billing / refund may run once, with exactly this payload:
      {"amount":500}"
    `);
  });

  test("[S-TOOL] APPROVED with the edit, the changes, and which of the two to use", async () => {
    const edit = { patched_payload: { amount: 50 }, reason: "Half is enough." };
    const { tool } = connect(answer("APPROVED_WITH_MODIFICATIONS", edit));
    expect(await tool({ amount: 500 })).toMatchInlineSnapshot(`
      "APPROVED WITH CHANGES: a person edited the payload of billing / refund. It may run once, with exactly this edited payload and not the one you proposed:
      {"amount":50}
      What was changed: Changed /amount from 500 to 50.
      [{"path":"/amount","from":500,"to":50}]
      The person's comment: Half is enough."
    `);
  });

  test("[S-TOOL] STOP, with the person's reason", async () => {
    const { tool } = connect(answer("REJECTED", { reason: "Not without a ticket." }));
    expect(await tool({ amount: 500 })).toMatchInlineSnapshot(`
      "STOP: a person rejected billing / refund. Do not run it.
      The person's reason: Not without a ticket.
      Do not retry this action, in this or another form. Go on without it, or tell the user what was refused and why."
    `);
  });

  test("[S-TOOL] STOP, when no reason was given, nobody decided, or it was cancelled", async () => {
    const texts = await Promise.all(
      (["REJECTED", "EXPIRED", "CANCELLED"] as const).map((s) => connect(answer(s)).tool({})),
    );
    expect(texts.map((text) => text.split("\n").slice(0, -1).join(" "))).toMatchInlineSnapshot(`
      [
        "STOP: a person rejected billing / refund. Do not run it. No reason was given.",
        "STOP: nobody decided billing / refund in time, which counts as no. Do not run it.",
        "STOP: the request for billing / refund was cancelled before anybody decided. Do not run it.",
      ]
    `);
  });

  test("[S-TOOL] ERROR, with what failed and what to do", async () => {
    const failures: Reply[] = [
      new TypeError("fetch failed"),
      problem(401, "CREDENTIAL_INVALID"),
      { nonsense: true },
    ];
    const texts = await Promise.all(failures.map((reply) => connect(reply).tool({})));
    expect(texts).toMatchInlineSnapshot(`
      [
        "ERROR: there is no approval for billing / refund, so do not run it.
      What failed: Cannot reach http://control-plane.test. Check HOLDPOINT_URL and that the control plane runs (\`npx holdpoint dev\`). (CONNECTION_FAILED)
      What to do: the failure may pass. Ask again once, later; if it fails again, tell the user that approvals cannot be had at the moment.",
        "ERROR: there is no approval for billing / refund, so do not run it.
      What failed: Title: Detail. (CREDENTIAL_INVALID)
      What to do: asking again will not help. Tell the user that approvals do not work and pass on what failed.",
        "ERROR: there is no approval for billing / refund, so do not run it.
      What failed: Expected a request id in the answer. Treat the request as not approved. Check that HOLDPOINT_URL leads straight to Holdpoint and that the SDK is not older than it. (RESPONSE_INVALID)
      What to do: asking again will not help. Tell the user that approvals do not work and pass on what failed.",
      ]
    `);
  });

  test("[G4] ERROR for input that cannot be sent, naming the place", async () => {
    const { calls, tool } = connect({});
    expect(await tool({ when: new Date(0) })).toMatchInlineSnapshot(`
      "ERROR: there is no approval for billing / refund, so do not run it.
      What failed: Expected payload as plain JSON, got Date at /payload/when. Send a time as an ISO 8601 text. (VALIDATION_FAILED)
      What to do: correct the input (/payload/when: Expected JSON, got Date.) and ask again."
    `);
    expect(calls).toHaveLength(0);
  });

  test("tells nothing of an error it does not know", async () => {
    const hostile = {
      get payload() {
        throw new Error("hunter2");
      },
    };
    const text = await connect({}).tool(hostile);
    expect(text).toMatch(/^ERROR/);
    expect(text).not.toContain("hunter2");
  });
});

describe("what a model writes", () => {
  test.each<[string | object, unknown]>([
    [{ amount: 1 }, { amount: 1 }],
    ['{"amount":1}', { amount: 1 }],
    ["refund 5 EUR", { context: "refund 5 EUR" }],
    ["[1,2]", { context: "[1,2]" }],
    ["5", { context: "5" }],
    ["null", { context: "null" }],
    ['{"amount":', { context: '{"amount":' }],
    ["", { context: "" }],
  ])("%j is asked as %j", async (context, payload) => {
    const { calls, tool } = connect(answer("REJECTED"));
    await tool(context);
    expect(JSON.parse(calls[0]?.body ?? "")).toMatchObject({
      service: "billing",
      action: "refund",
      priority: "high",
      payload,
    });
  });
});

test("an abort is the only thing thrown, its reason unchanged", async () => {
  const reason = { any: "value" };
  const own = new AbortController();
  const asked = connect(silence).tool({}, { signal: own.signal });
  own.abort(reason);
  await expect(asked).rejects.toBe(reason);

  const clients = connect(silence, { signal: AbortSignal.abort(reason) });
  await expect(clients.tool({})).rejects.toBe(reason);
});
