import type { WireRequest } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { importTrustedKeys, verifyReceipt } from "@holdpoint/protocol/receipt";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import { SigningAgent } from "../../routes/escrows/testing/agent.js";
import { codeOf, newPurchase, newRequest, World } from "../../routes/testing/world.js";

let world: World;
let revision: number;
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
  revision = 0;
});
afterAll(() => world.controlPlane.close());

async function setPolicy(text: string): Promise<void> {
  const body = { text, base_revision: revision };
  const reply = await world.call("PUT", "/v1/policies", { as: "admin", body });
  if (reply.status !== 200) throw new Error(`Expected 200, got ${reply.status}`);
  revision = reply.body.revision;
}

async function setSpendPolicy(policy: object): Promise<void> {
  const body = { policy: { currency: "EUR", ...policy } };
  const reply = await world.call("POST", "/v1/spend-policies", { as: "admin", body });
  if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
}

const requestOf = async (id: string) =>
  (await world.call("GET", `/v1/requests/${id}`, { as: "admin" })).body;

/** The receipts of a request's events, in their order, as they verify. */
async function receiptsOf(id: string) {
  const { body } = await world.call("GET", `/v1/requests/${id}/events`, { as: "admin" });
  const jwks = await world.call("GET", "/.well-known/jwks.json");
  const keys = await importTrustedKeys(jwks.body);
  const contents = body.data.map(async ({ receipt_id }: { receipt_id: string }) => {
    const receipt = await world.call("GET", `/v1/receipts/${receipt_id}`, { as: "admin" });
    const verified = await verifyReceipt(receipt.body, { keys });
    return verified.content;
  });
  return Promise.all(contents);
}

const permit = (condition: string, annotations = '@id("one")') =>
  `${annotations} permit (principal, action, resource) when { ${condition} };`;
const ALLOW = permit("true");
const HOLD = permit("true", '@id("one") @hold("finance") @reason("Ask finance.")');
const DENY = '@id("never") @reason("Never.") forbid (principal, action, resource);';
const OVERFLOW = permit("context.time.unix_ms * 9223372036854775807 > 0");

describe("what an agent asks", () => {
  it("waits for a person where there is no policy, and says nothing of one", async () => {
    const request = await world.ask();
    expect(request).toMatchObject({ status: "PENDING" });
    expect(request).not.toHaveProperty("policy");
    await setPolicy("");
    expect(await world.ask()).toMatchObject({
      status: "PENDING",
      policy: { revision: 1, verdict: "none", policies: [] },
    });
  });

  it("[G4] is approved at once where a policy allows it, with a grant that runs it once", async () => {
    await setPolicy(ALLOW);
    const request = await world.ask();
    expect(request).toMatchObject({
      status: "APPROVED",
      revision: 2,
      decided_by: { type: "policy", id: "policy", name: "one" },
      policy: { revision: 1, verdict: "allow", policies: ["one"] },
      grant: { revision: 2 },
    });
    const { id: executionId } = await world.claim(request);
    expect(executionId).toMatch(/^exe_/);
    const body = { id: typeidUnboxed("exe"), grant_id: request.grant?.id };
    const again = await world.call("POST", `/v1/requests/${request.id}/executions`, {
      as: "agent",
      body: { ...body, approved_digest: request.grant?.approved_digest },
    });
    expect(codeOf(again)).toBe("EXECUTION_CLAIMED");
  });

  it("is rejected at once where a policy forbids it, with its reason", async () => {
    await setPolicy(ALLOW + DENY);
    const request = await world.ask();
    expect(request).toMatchObject({
      status: "REJECTED",
      decided_by: { type: "policy", id: "policy", name: "never" },
      reason: "Never.",
      policy: { verdict: "deny", policies: ["never"], reason: "Never." },
    });
    expect(request).not.toHaveProperty("grant");
    await setPolicy("forbid (principal, action, resource);");
    expect((await world.ask()).reason).toBe("The policy policy0 forbids it.");
  });

  it("goes to the role that a policy holds it for, whatever the agent asked for", async () => {
    await setPolicy(ALLOW + HOLD.replace('"one"', '"two"'));
    const request = await world.ask({ role: "approver" });
    expect(request).toMatchObject({
      status: "PENDING",
      role: "finance",
      policy: { verdict: "hold", policies: ["two"], reason: "Ask finance." },
    });
    const decision = { decision: "approve", revision: 1 };
    const path = `/v1/requests/${request.id}/decision`;
    const as = (role: "approver" | "finance") =>
      world.call("POST", path, { as: role, body: decision });
    expect(codeOf(await as("approver"))).toBe("ROLE_REQUIRED");
    expect((await as("finance")).body).toMatchObject({
      status: "APPROVED",
      decided_by: { type: "operator" },
      policy: { verdict: "hold" },
    });
  });

  it("[P-POLICY] waits for a person where the policy could not be evaluated", async () => {
    await setPolicy(ALLOW.replace('"one"', '"two"') + OVERFLOW);
    expect(await world.ask({ role: "finance" })).toMatchObject({
      status: "PENDING",
      role: "finance",
      policy: { verdict: "none", policies: [], reason: "The policy could not be evaluated." },
    });
  });

  it("stands as it was judged when it is sent again under another policy", async () => {
    await setPolicy(ALLOW);
    const body = newRequest();
    const send = () => world.call("POST", "/v1/requests", { as: "agent", body });
    const first = await send();
    await setPolicy(DENY);
    const again = await send();
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
  });

  it("is decided once, and alike, when it is sent many times at once", async () => {
    await setPolicy(ALLOW);
    const body = newRequest();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => world.call("POST", "/v1/requests", { as: "agent", body })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
  });

  it("[P-POLICY-AT-ONCE] is judged by the policy that was set last, as soon as that is answered", async () => {
    for (const [text, status] of [
      [ALLOW, "APPROVED"],
      [DENY, "REJECTED"],
      [HOLD, "PENDING"],
      ["", "PENDING"],
      [ALLOW, "APPROVED"],
    ] as const) {
      await setPolicy(text);
      expect((await world.ask()).status).toBe(status);
    }
  });

  it("is judged by its own project's policy", async () => {
    await setPolicy(DENY);
    const body = newRequest();
    const reply = await world.call("POST", "/v1/requests", { as: "foreignAgent", body });
    expect(reply.body.status).toBe("PENDING");
  });

  it("is judged by what the credential may do", async () => {
    await setPolicy(permit('!context.scopes.contains("requests:read")'));
    const asked = (as: "agent" | "writeOnlyAgent") =>
      world.call("POST", "/v1/requests", { as, body: newRequest() });
    expect((await asked("agent")).body.status).toBe("PENDING");
    expect((await asked("writeOnlyAgent")).body.status).toBe("APPROVED");
  });

  it("is approved encrypted, where a policy needs not read it, exactly as it came", async () => {
    await setPolicy(permit('context.service == "db-agent" && !(context has payload)'));
    const id = typeidUnboxed("req");
    const key = await importEnvelopeKey("q7Gd3mXq0cVbL2sYtRkWn5uHfJzA7eQi9oPxN1vTg4E");
    const binding = { projectId: world.projectId, requestId: id, field: "payload" } as const;
    const payload = await sealEnvelope({ sql: "x" }, binding, key);
    const request = await world.ask({ id, encrypted: true, payload });
    expect(request).toMatchObject({ status: "APPROVED", payload });
    expect(request.grant?.approved_digest).toBe(digestTextOf(payload));
  });

  it("is told as if a person had decided: events, receipts, waiting", async () => {
    await setPolicy(DENY);
    const { id } = await world.ask();
    const receipts = await receiptsOf(id);
    const policy = { revision: 1, verdict: "deny", policies: ["never"] };
    expect(receipts).toMatchObject([
      { type: "request.created", status: "PENDING", revision: 1, policy },
      {
        type: "request.rejected",
        status: "REJECTED",
        revision: 2,
        actor: { type: "policy", id: "policy", name: "never" },
        policy,
      },
    ]);
    const held = await world.call("GET", `/v1/requests/${id}?wait_ms=30000`, { as: "agent" });
    expect(held.body.status).toBe("REJECTED");
    expect(held.body.receipt_id).toBe(receipts[1].id);
  });

  it("[P-GATE-FREEZE] and was approved before a freeze is not run; what is approved after a thaw is", async () => {
    await setPolicy(ALLOW);
    const turn = (frozen: boolean) =>
      world.call("PUT", "/v1/authority", { as: "admin", body: { frozen } });
    const claim = ({ id, grant }: WireRequest) =>
      world.call("POST", `/v1/requests/${id}/executions`, {
        as: "agent",
        body: {
          id: typeidUnboxed("exe"),
          grant_id: grant?.id,
          approved_digest: grant?.approved_digest,
        },
      });
    const before = await world.ask();
    expect((await turn(true)).status).toBe(200);
    expect(codeOf(await claim(await world.ask()))).toBe("AUTHORITY_FROZEN");
    expect((await turn(false)).status).toBe(200);
    expect(codeOf(await claim(before))).toBe("AUTHORITY_FROZEN");
    expect((await claim(await world.ask())).status).toBe(201);
  });

  it("of services that are named like members of objects is judged as asked", async () => {
    await setPolicy('permit (principal, action == Action::"ask", resource);');
    for (const service of ["__proto__", "constructor", "toString"]) {
      expect((await world.ask({ service })).status).toBe("APPROVED");
    }
  });
});

const AUTO = { auto_approve: { enabled: true }, daily_limit: "100.00" };

describe("what an agent would buy", () => {
  const buy = async (fields: object = {}) => {
    const { id, status } = await world.buy(fields);
    return { purchase: status, request: await requestOf(id) };
  };

  it.each([
    ["nothing", "", "auto_approved"],
    ["that it is allowed", ALLOW, "auto_approved"],
    ["that it is held", HOLD, "pending"],
    ["that it is denied", DENY, "rejected"],
    ["nothing that could be evaluated", OVERFLOW, "pending"],
  ])(
    "that its spend policy lets through is, where the policy says %s, %s",
    async (_say, text, is) => {
      await setSpendPolicy(AUTO);
      await setPolicy(text);
      expect((await buy()).purchase).toBe(is);
    },
  );

  it.each([
    ["nothing", ""],
    ["that it is allowed", ALLOW],
    ["that it is held", HOLD],
    ["nothing that could be evaluated", OVERFLOW],
  ])(
    "without a spend policy waits for a person, also where the policy says %s",
    async (_, text) => {
      await setPolicy(text);
      expect((await buy()).purchase).toBe("pending");
    },
  );

  it("[P-POLICY-TIGHTENS] that its spend policy refuses is refused by that, whatever the policy says", async () => {
    await setSpendPolicy({ ...AUTO, per_request_limit: "1.00" });
    for (const text of [ALLOW, HOLD, DENY]) {
      await setPolicy(text);
      const { purchase, request } = await buy();
      expect(purchase).toBe("rejected");
      expect(request.decided_by.id).toBe("spend-policy");
      expect(request.reason).toContain("per_request");
    }
  });

  it("and may not is rejected by the policy, and no money is held", async () => {
    await setSpendPolicy(AUTO);
    await setPolicy(DENY);
    const { request } = await buy();
    expect(request).toMatchObject({
      status: "REJECTED",
      reason: "Never.",
      decided_by: { type: "policy", id: "policy", name: "never" },
      policy: { verdict: "deny" },
    });
    const receipts = await receiptsOf(request.id);
    expect(receipts.map(({ type }) => type)).toEqual(["request.created", "request.rejected"]);
    await setPolicy("");
    expect((await buy({ amount: { amount_minor: 10_000, currency: "EUR" } })).purchase).toBe(
      "auto_approved",
    );
  });

  it("and is held for goes to the policy's role, unless the spend policy names one", async () => {
    await setSpendPolicy(AUTO);
    await setPolicy(HOLD.replace("finance", "legal"));
    expect((await buy()).request.role).toBe("legal");
    await setSpendPolicy({ ...AUTO, approval_threshold: { amount: "5.00", role: "finance" } });
    expect((await buy()).request.role).toBe("finance");
  });

  it("is judged by its amount, its category, its payee and its details", async () => {
    await setSpendPolicy(AUTO);
    const conditions = [
      "context.spend.amount_minor > 1000",
      'context.spend has category && context.spend.category == "software"',
      'context.spend has payee && context.spend.payee == "hosting.example"',
      'context has payload && context.payload.text.hasTag("/description")',
    ];
    for (const condition of conditions) {
      await setPolicy(permit(`context has spend && ${condition}`, '@hold("finance")'));
      expect((await buy()).purchase).toBe("pending");
    }
    await setPolicy(permit("context has spend && context.spend.amount_minor > 1250", '@hold("x")'));
    expect((await buy()).purchase).toBe("auto_approved");
  });

  it("is judged as an escrow too", async () => {
    await setSpendPolicy(AUTO);
    const [payer, payee] = [
      await SigningAgent.create(world, "agent"),
      await SigningAgent.create(world, "otherAgent"),
    ];
    const statusUnder = async (text: string) => {
      await setPolicy(text);
      const { body } = await payer.open(payee);
      return (await requestOf(body.request_id)).status;
    };
    const isEscrow = `context.action == "escrow" && context has spend && context.spend has payee
      && context.spend.payee == "${payee.agentId}"`;
    expect(await statusUnder("")).toBe("APPROVED");
    expect(await statusUnder(permit(isEscrow, '@hold("finance")'))).toBe("PENDING");
    expect(await statusUnder(permit(isEscrow, "").replace("permit", "forbid"))).toBe("REJECTED");
  });

  it("stands as it was judged when it is sent again under another policy", async () => {
    await setSpendPolicy(AUTO);
    const body = newPurchase();
    const send = () => world.call("POST", "/v1/purchases", { as: "agent", body });
    const first = await send();
    await setPolicy(DENY);
    expect((await send()).body).toEqual(first.body);
  });
});
