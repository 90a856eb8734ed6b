import { LIMITS } from "@holdpoint/protocol";
import { verifyEscrow, verifyEscrowChain } from "@holdpoint/protocol/escrow";
import { importTrustedKeys } from "@holdpoint/protocol/receipt";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf, type Reply, World } from "../testing/world.js";
import { SigningAgent } from "./testing/agent.js";

const DAY = 86_400_000;

let world: World;
let ann: SigningAgent;
let ben: SigningAgent;

beforeEach(async () => {
  world = await World.create();
  ann = await SigningAgent.create(world, "agent");
  ben = await SigningAgent.create(world, "otherAgent");
});

afterEach(() => world.controlPlane.close());

const trust = async () =>
  importTrustedKeys((await world.call("GET", "/.well-known/jwks.json")).body);

const setPolicy = (policy: object) =>
  world.call("POST", "/v1/spend-policies", { as: "admin", body: { policy } });

/** What policy lets through is open at once. */
const letThrough = () => setPolicy({ currency: "EUR", auto_approve: { enabled: true } });

const allocate = (scope: object, amount_minor: number) =>
  world.call("PUT", "/v1/budgets", {
    as: "admin",
    body: { currency: "EUR", amount_minor, ...scope },
  });

async function balances(): Promise<Record<string, object>> {
  const { body } = await world.call("GET", "/v1/budgets", { as: "admin" });
  return Object.fromEntries(
    body.data.map((budget: Reply["body"]) => [
      budget.agent?.name ?? budget.scope,
      {
        allocated: budget.allocated?.amount_minor ?? null,
        held: budget.held.amount_minor,
        spent: budget.spent.amount_minor,
      },
    ]),
  );
}

async function openAndFulfil(): Promise<Reply["body"]> {
  const { body } = await ann.open(ben);
  return (await ben.fulfil(body)).body;
}

describe("an escrow from opening to release", () => {
  it("[G8] holds the payer's money, and lets the payee spend it once it is released", async () => {
    await letThrough();
    await allocate({ scope: "project" }, 10_000);
    await allocate({ scope: "agent", agent_id: ann.agentId }, 5_000);
    await allocate({ scope: "agent", agent_id: ben.agentId }, 100);

    const opened = await ann.open(ben);
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      status: "OPEN",
      payer: { id: ann.agentId, name: ann.name },
      payee: { id: ben.agentId, name: ben.name },
      amount: { amount_minor: 4_000, currency: "EUR" },
      details: { description: "Translate the contract" },
    });
    expect(await balances()).toEqual({
      project: { allocated: 10_000, held: 4_000, spent: 0 },
      [ann.name]: { allocated: 5_000, held: 4_000, spent: 0 },
      [ben.name]: { allocated: 100, held: 0, spent: 0 },
    });

    const fulfilled = await ben.fulfil(opened.body);
    expect(fulfilled.body).toMatchObject({ status: "FULFILLED", result: { text: "Der Vertrag" } });
    const released = await ann.release(fulfilled.body);
    expect(released.body).toMatchObject({ status: "RELEASED", ended_at: expect.any(String) });
    expect(await balances()).toEqual({
      project: { allocated: 10_000, held: 0, spent: 0 },
      [ann.name]: { allocated: 5_000, held: 0, spent: 4_000 },
      [ben.name]: { allocated: 4_100, held: 0, spent: 0 },
    });
  });

  it("[G7] leaves an envelope that verifies offline, at each side alike", async () => {
    await letThrough();
    const { body } = await ann.release(await openAndFulfil());
    const { body: seen } = await ben.read(body);
    expect(seen).toEqual(body);
    const verified = await verifyEscrow(seen.envelope, {
      keys: await trust(),
      projectId: world.projectId,
      subject: { terms: seen.details, result: seen.result },
    });
    expect(verified).toMatchObject({
      stage: "RELEASED",
      opening: { request_id: body.request_id },
      compared: ["terms", "result"],
    });
  });

  it("[G7] leaves a receipt of each movement, which its ledger entries name", async () => {
    await letThrough();
    await allocate({ scope: "agent", agent_id: ben.agentId }, 0);
    const { body } = await ann.release(await openAndFulfil());
    const { body: events } = await world.call("GET", `/v1/requests/${body.request_id}/events`, {
      as: "agent",
    });
    const types = events.data.map(({ type }: { type: string }) => type);
    expect(types).toEqual([
      "request.created",
      "purchase.reserved",
      "request.approved",
      "purchase.settled",
    ]);
    const { body: budgets } = await world.call("GET", "/v1/budgets", { as: "admin" });
    const entries = await Promise.all(
      budgets.data.map(async ({ id, scope, agent }: Reply["body"]) => {
        const { body: page } = await world.call("GET", `/v1/budgets/${id}/entries`, {
          as: "admin",
        });
        return page.data
          .filter(({ kind }: Reply["body"]) => kind === "escrow")
          .map((entry: Reply["body"]) => [
            agent?.name ?? scope,
            `${entry.from} → ${entry.to}`,
            entry.amount.amount_minor,
            entry.receipt_id,
          ]);
      }),
    );
    const receipt = events.data.at(-1).receipt_id;
    expect(entries.flat().sort()).toEqual(
      [
        [ann.name, "held → spent", 4_000, receipt],
        [ben.name, "funding → available", 4_000, receipt],
        ["project", "held → available", 4_000, receipt],
      ].sort(),
    );
  });

  it("adds nothing to an agent that no budget binds", async () => {
    await letThrough();
    await ann.release(await openAndFulfil());
    expect(await balances()).toMatchObject({
      [ann.name]: { allocated: null, held: 0, spent: 4_000 },
      [ben.name]: { allocated: null, held: 0, spent: 0 },
      project: { allocated: null, held: 0, spent: 0 },
    });
  });

  it("answers each step sent again the same, and moves nothing twice", async () => {
    await letThrough();
    const body = await ann.opening(ben);
    const first = await world.call("POST", "/v1/escrows", { as: "agent", body });
    const again = await world.call("POST", "/v1/escrows", { as: "agent", body });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    const result = { text: "Der Vertrag" };
    const fulfilled = await ben.fulfil(first.body, result);
    expect((await ben.fulfil(first.body, result)).body).toEqual(fulfilled.body);
    const released = await ann.release(fulfilled.body);
    expect((await ann.release(fulfilled.body)).body).toEqual(released.body);
    world.clock.advance(3 * DAY);
    expect((await world.call("POST", "/v1/escrows", { as: "agent", body })).body).toEqual(
      released.body,
    );
    expect(await balances()).toMatchObject({ [ann.name]: { held: 0, spent: 4_000 } });
  });
});

describe("the hold", () => {
  it("waits for a person like any purchase, and cannot be edited: it is signed", async () => {
    const { body } = await ann.open(ben);
    expect(body.status).toBe("PENDING");
    expect(codeOf(await ben.fulfil(body))).toBe("ESCROW_CONFLICT");
    const request = await world.call("GET", `/v1/requests/${body.request_id}`, { as: "admin" });
    expect(request.body).toMatchObject({
      service: "spend",
      action: "escrow",
      metadata: { escrow_id: body.id },
      payload: { amount: "40.00", currency: "EUR", payee: ben.agentId, merchant_name: ben.name },
    });
    const lowered = { ...request.body.payload, amount: "10.00" };
    const edited = await world.decide(body.request_id, {
      decision: "approve",
      revision: 1,
      patched_payload: lowered,
    });
    expect(codeOf(edited)).toBe("PATCH_INVALID");
    await world.decide(body.request_id, { decision: "approve", revision: 1 });
    expect((await ben.fulfil(body)).body.status).toBe("FULFILLED");
  });

  it.each([
    ["rejected", { decision: "reject", revision: 1, reason: "Too dear" }],
    ["expired", undefined],
  ])("is void when it is %s", async (_name, decision) => {
    const { body } = await ann.open(ben);
    if (decision) await world.decide(body.request_id, decision);
    else world.clock.advance(DAY - 1);
    const { body: seen } = await ben.read(body);
    expect(seen.status).toBe("VOID");
    if (decision) expect(seen.reason).toBe("Too dear");
    expect(await balances()).toMatchObject({ [ann.name]: { held: 0 } });
    world.clock.advance(3 * DAY);
    expect((await ann.read(body)).body.status).toBe("VOID");
  });

  it("is void when a policy is against it, and says so", async () => {
    await setPolicy({ currency: "EUR", per_request_limit: "10.00" });
    const { status, body } = await ann.open(ben);
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: "VOID", reason: expect.stringMatching(/per_request/) });
  });

  it("is ended by nothing but the escrow's own steps", async () => {
    await letThrough();
    const { body } = await ann.open(ben);
    const { body: request } = await world.call("GET", `/v1/requests/${body.request_id}`, {
      as: "agent",
    });
    const claim = await world.call("POST", `/v1/requests/${body.request_id}/executions`, {
      as: "agent",
      body: {
        id: typeidUnboxed("exe"),
        grant_id: request.grant.id,
        approved_digest: request.grant.approved_digest,
      },
    });
    expect(codeOf(claim)).toBe("ESCROW_CONFLICT");
    for (const success of [true, false]) {
      const path = `/v1/purchases/${body.request_id}/confirm`;
      const reply = await world.call("POST", path, { as: "agent", body: { success } });
      expect(codeOf(reply)).toBe("ESCROW_CONFLICT");
    }
    const released = await ann.release((await ben.fulfil(body)).body);
    const refund = await world.call("POST", `/v1/purchases/${body.request_id}/refund`, {
      as: "admin",
      body: { id: typeidUnboxed("rfd"), amount: released.body.amount },
    });
    expect(codeOf(refund)).toBe("ESCROW_CONFLICT");
  });

  it("outlives the clock of a purchase", async () => {
    await letThrough();
    const release_by = new Date(world.clock.now() + 20 * DAY).toISOString();
    const { body } = await ann.open(ben, { fields: { fulfil_by: release_by, release_by } });
    world.clock.advance(LIMITS.grantMs + DAY);
    expect((await ben.fulfil(body)).body.status).toBe("FULFILLED");
  });
});

describe("a dispute", () => {
  beforeEach(async () => {
    await letThrough();
    await allocate({ scope: "agent", agent_id: ben.agentId }, 0);
  });

  const questionOf = async (escrow: Reply["body"]) =>
    (await world.call("GET", `/v1/requests/${escrow.dispute.request_id}`, { as: "admin" })).body;

  it.each([
    ["payer", "approve", "RELEASED", { held: 0, spent: 4_000 }, 4_000],
    ["payee", "approve", "RELEASED", { held: 0, spent: 4_000 }, 4_000],
    ["payer", "reject", "RETURNED", { held: 0, spent: 0 }, 0],
    ["payee", "reject", "RETURNED", { held: 0, spent: 0 }, 0],
  ] as const)(
    "of the %s is decided in the common inbox: %s, %s",
    async (side, decision, status, payer, allocated) => {
      const fulfilled = await openAndFulfil();
      const agent = side === "payer" ? ann : ben;
      const { body } = await agent.dispute(fulfilled, "It is not German.");
      expect(body).toMatchObject({
        status: "DISPUTED",
        dispute: { by: { type: "agent", id: agent.agentId }, reason: "It is not German." },
      });
      const question = await questionOf(body);
      expect(question).toMatchObject({
        service: "spend",
        action: "escrow_dispute",
        status: "PENDING",
        parent_request_id: body.request_id,
        payload: {
          approve: `40.00 EUR go to ${ben.name}`,
          reject: `40.00 EUR go back to ${ann.name}`,
          reason: "It is not German.",
          fulfilled: true,
        },
      });
      for (const step of [ann.release(fulfilled), ben.dispute(fulfilled)]) {
        expect(codeOf(await step)).toBe("ESCROW_CONFLICT");
      }
      const reply = await world.decide(question.id, { decision, revision: 1 }, "approver");
      expect(reply.status).toBe(200);
      expect((await ann.read(body)).body.status).toBe(status);
      expect(await balances()).toMatchObject({
        [ann.name]: payer,
        [ben.name]: { allocated },
        project: { held: 0, spent: 0 },
      });
      expect(codeOf(await ann.release(fulfilled))).toBe("ESCROW_CONFLICT");
    },
  );

  it("can be neither edited, withdrawn nor run", async () => {
    const { body } = await ann.dispute((await ann.open(ben)).body);
    const question = await questionOf(body);
    const cancel = await world.call("POST", `/v1/requests/${question.id}/cancel`, { as: "agent" });
    expect(codeOf(cancel)).toBe("ESCROW_CONFLICT");
    const edited = await world.decide(question.id, {
      decision: "approve",
      revision: 1,
      patched_payload: { ...question.payload, amount: "1.00" },
    });
    expect(codeOf(edited)).toBe("PATCH_INVALID");
    expect((await questionOf(body)).status).toBe("PENDING");
    const approved = await world.decide(question.id, { decision: "approve", revision: 1 });
    const { grant } = approved.body;
    const claim = await world.call("POST", `/v1/requests/${question.id}/executions`, {
      as: "agent",
      body: {
        id: typeidUnboxed("exe"),
        grant_id: grant.id,
        approved_digest: grant.approved_digest,
      },
    });
    expect(codeOf(claim)).toBe("ESCROW_CONFLICT");
  });

  it("[G4] begins by itself when nobody fulfils in time, and is asked until it is answered", async () => {
    const { body } = await ann.open(ben);
    world.clock.advance(DAY);
    expect(codeOf(await ben.fulfil(body))).toBe("ESCROW_CONFLICT");
    const { body: due } = await ann.read(body);
    expect(due).toMatchObject({
      status: "DISPUTED",
      dispute: { by: { type: "system", id: "escrow" } },
    });
    const first = await questionOf(due);
    expect(first.payload).toMatchObject({ fulfilled: false, asked_by: "a time that is up" });
    world.clock.advance(8 * DAY);
    expect((await questionOf(due)).status).toBe("EXPIRED");
    const { body: again } = await ann.read(body);
    expect(again.status).toBe("DISPUTED");
    expect(again.dispute.request_id).not.toBe(first.id);
    expect(await balances()).toMatchObject({ [ann.name]: { held: 4_000, spent: 0 } });
    await world.decide(again.dispute.request_id, { decision: "reject", revision: 1 });
    expect((await ann.read(body)).body.status).toBe("RETURNED");
    expect(await balances()).toMatchObject({ [ann.name]: { held: 0, spent: 0 } });
  });

  it("[G4] begins by itself when nobody releases in time: silence is no consent", async () => {
    const fulfilled = await openAndFulfil();
    world.clock.advance(2 * DAY);
    expect(codeOf(await ann.release(fulfilled))).toBe("ESCROW_CONFLICT");
    const { body } = await ben.read(fulfilled);
    expect(body.status).toBe("DISPUTED");
    expect((await questionOf(body)).payload).toMatchObject({ fulfilled: true });
  });

  it.each(["spend", "Spend"])(
    "is not begun by a request that only looks like one (%s)",
    async (service) => {
      const { body } = await ann.open(ben);
      const reply = await world.call("POST", "/v1/requests", {
        as: "agent",
        body: {
          id: typeidUnboxed("req"),
          service,
          action: "escrow_dispute",
          payload: { escrow_id: body.id },
        },
      });
      expect([reply.status, codeOf(reply)]).toEqual([422, "VALIDATION_FAILED"]);
    },
  );
});

describe("a step is refused", () => {
  let escrow: Reply["body"];
  beforeEach(async () => {
    await letThrough();
    escrow = (await ann.open(ben)).body;
  });

  it("on the other's side", async () => {
    expect(codeOf(await ann.fulfil(escrow))).toBe("PERMISSION_DENIED");
    const { body: fulfilled } = await ben.fulfil(escrow);
    expect(codeOf(await ben.release(fulfilled))).toBe("PERMISSION_DENIED");
  });

  it("by a third agent, which does not even see it", async () => {
    await world.controlPlane.admin.createApiKey(world.projectId, { agent: "third" });
    for (const as of ["foreignAgent", "foreignAdmin"] as const) {
      const reply = await world.call("GET", `/v1/escrows/${escrow.id}`, { as });
      expect(codeOf(reply)).toBe("ESCROW_NOT_FOUND");
    }
  });

  it("with another key than the escrow's, be it the agent's own", async () => {
    const other = await SigningAgent.create(world, "otherAgent");
    expect(codeOf(await other.fulfil(escrow))).toBe("ESCROW_SIGNATURE_INVALID");
  });

  it("with the other's signature", async () => {
    const step = await ben.step("dispute", escrow);
    expect(codeOf(await ann.send("dispute", escrow, { step }))).toBe("ESCROW_SIGNATURE_INVALID");
  });

  it("when it was signed for another escrow", async () => {
    const { body: other } = await ann.open(ben);
    const { digestContent } = await import("@holdpoint/protocol/escrow");
    const result = "done";
    const step = await ben.step("fulfil", other, { result_digest: await digestContent(result) });
    expect(codeOf(await ben.send("fulfil", escrow, { step, result }))).toBe("ESCROW_CHAIN_BROKEN");
  });

  it("with another result, or another reason, than it names", async () => {
    const { digestContent } = await import("@holdpoint/protocol/escrow");
    const step = await ben.step("fulfil", escrow, { result_digest: await digestContent("done") });
    const reply = await ben.send("fulfil", escrow, { step, result: "not done" });
    expect(codeOf(reply)).toBe("ESCROW_DIGEST_WRONG");
    const dispute = await ann.step("dispute", escrow);
    const said = await ann.send("dispute", escrow, { step: dispute, reason: "Late" });
    expect(codeOf(said)).toBe("ESCROW_DIGEST_WRONG");
  });

  it("before its time has come", async () => {
    expect(codeOf(await ann.release(escrow))).toBe("ESCROW_CONFLICT");
  });

  it("after it was taken, in another writing", async () => {
    await ben.fulfil(escrow, "one");
    expect(codeOf(await ben.fulfil(escrow, "other"))).toBe("ESCROW_CONFLICT");
  });

  it("when it is no step at all", async () => {
    const reply = await ben.send("fulfil", escrow, { step: "a.b.c", result: 1 });
    expect(codeOf(reply)).toBe("ESCROW_MALFORMED");
  });
});

describe("an opening is refused", () => {
  const past = "2020-01-01T00:00:00.000Z";
  it.each<[string, string, object]>([
    ["for an agent of another project", "ESCROW_PAYEE_INVALID", { payee: true }],
    ["for oneself", "ESCROW_PAYEE_INVALID", { self: true }],
    ["signed by somebody else", "ESCROW_SIGNATURE_INVALID", { payer: true }],
    ["that is due already", "VALIDATION_FAILED", { fields: { fulfil_by: past } }],
    [
      "that ends in a year",
      "VALIDATION_FAILED",
      { fields: { release_by: "2027-12-31T00:00:00.000Z" } },
    ],
    ["of another project", "ESCROW_CHAIN_BROKEN", { fields: { project_id: typeidUnboxed("prj") } }],
    [
      "of nothing",
      "ESCROW_MALFORMED",
      { fields: { amount: { amount_minor: 0, currency: "EUR" } } },
    ],
    [
      "of an unknown currency",
      "ESCROW_MALFORMED",
      { fields: { amount: { amount_minor: 1, currency: "XTS" } } },
    ],
    ["with other terms than it names", "ESCROW_DIGEST_WRONG", { details: { description: "x" } }],
    ["with terms of another shape", "VALIDATION_FAILED", { details: { price: 1 } }],
    ["in a category of nothing", "VALIDATION_FAILED", { category: "" }],
  ])("%s: %s", async (_name, code, what) => {
    const foreign = { agent_id: typeidUnboxed("agt"), key_id: ben.keyId };
    const own = { agent_id: ann.agentId, key_id: ann.keyId };
    const { fields = {}, ...body } = what as Record<string, object>;
    const parts = {
      ...fields,
      ...("payee" in what && { payee: foreign }),
      ...("self" in what && { payee: own }),
      ...("payer" in what && { payer: { agent_id: ben.agentId, key_id: ann.keyId } }),
    };
    const opening = await ann.opening(ben, { fields: parts });
    const { details = opening.details, category = opening.category } = body;
    const reply = await world.call("POST", "/v1/escrows", {
      as: "agent",
      body: { ...opening, details, category },
    });
    expect(codeOf(reply)).toBe(code);
    expect(await balances()).toEqual({});
  });

  it("with a key that nobody has registered, or that is another agent's", async () => {
    const unknown = await SigningAgent.create(world, "agent", { isRegistered: false });
    expect(codeOf(await unknown.open(ben))).toBe("ESCROW_KEY_UNKNOWN");
    const payee = { agent_id: ben.agentId, key_id: unknown.keyId };
    expect(codeOf(await ann.open(ben, { fields: { payee } }))).toBe("ESCROW_KEY_UNKNOWN");
    const mine = { agent_id: ben.agentId, key_id: ann.keyId };
    expect(codeOf(await ann.open(ben, { fields: { payee: mine } }))).toBe("ESCROW_KEY_UNKNOWN");
  });

  it("under an id that is taken", async () => {
    const escrow_id = typeidUnboxed("esc");
    expect((await ann.open(ben, { fields: { escrow_id } })).status).toBe(201);
    expect(codeOf(await ann.open(ben, { fields: { escrow_id } }))).toBe("REQUEST_ID_CONFLICT");
    const { id: request_id } = await world.ask();
    expect(codeOf(await ann.open(ben, { fields: { request_id } }))).toBe("REQUEST_ID_CONFLICT");
    expect(await balances()).toMatchObject({ [ann.name]: { held: 4_000 } });
  });
});

describe("a key", () => {
  it("is registered once, listed for all of the project, and attested", async () => {
    expect((await ann.register()).status).toBe(200);
    const { body } = await world.call("GET", `/v1/agent-keys?agent_id=${ann.agentId}`, {
      as: "otherAgent",
    });
    expect(body.data).toEqual([
      {
        id: ann.keyId,
        agent: { id: ann.agentId, name: ann.name },
        jwk: { kty: "OKP", crv: "Ed25519", x: ann.x },
        created_at: expect.any(String),
        attestation: expect.any(String),
      },
    ]);
    const abroad = await world.call("GET", "/v1/agent-keys", { as: "foreignAgent" });
    expect(abroad.body.data).toEqual([]);
  });

  it("is refused of whoever does not have it, or has it for another", async () => {
    const key = await SigningAgent.create(world, "agent", { isRegistered: false });
    expect(codeOf(await key.register({ agent_id: ben.agentId }))).toBe("ESCROW_KEY_UNKNOWN");
    expect(codeOf(await key.register({}, "otherAgent"))).toBe("ESCROW_KEY_UNKNOWN");
    const { proof } = await ben.registration({ agent_id: ann.agentId });
    const { jwk } = await key.registration();
    const body = { jwk, proof };
    const stolen = await world.call("POST", "/v1/agent-keys", { as: "agent", body });
    expect(codeOf(stolen)).toBe("ESCROW_SIGNATURE_INVALID");
  });

  it("stays the first agent's that registers it", async () => {
    const proofOf = (agent: SigningAgent) => ann.registration({ agent_id: agent.agentId });
    const body = await proofOf(ben);
    const reply = await world.call("POST", "/v1/agent-keys", { as: "otherAgent", body });
    expect(codeOf(reply)).toBe("ESCROW_KEY_UNKNOWN");
  });
});

describe("a hand-off", () => {
  let cat: SigningAgent;
  let parent: Reply["body"];

  beforeEach(async () => {
    await letThrough();
    const { apiKey } = await world.controlPlane.admin.createApiKey(world.projectId, {
      agent: "cat",
    });
    (world.credentials as { revokedKey: string }).revokedKey = `Bearer ${apiKey}`;
    cat = await SigningAgent.create(world, "revokedKey");
    parent = (await ann.open(ben)).body;
  });

  async function passOn(amount_minor = 2_500, fields: object = {}): Promise<Reply> {
    const { digestStep } = await import("@holdpoint/protocol/escrow");
    const open_digest = await digestStep(parent.envelope.steps[0]);
    return ben.open(cat, {
      fields: {
        amount: { amount_minor, currency: "EUR" },
        fulfil_by: parent.fulfil_by,
        parent: { escrow_id: parent.id, open_digest },
        ...fields,
      },
    });
  }

  it("[G7] names its parent, and verifies with it from end to end", async () => {
    const { body: child } = await passOn();
    expect(child).toMatchObject({
      status: "OPEN",
      parent_escrow_id: parent.id,
      root_escrow_id: parent.id,
    });
    await ben.release((await cat.fulfil(child)).body);
    await ann.release((await ben.fulfil(parent)).body);
    const path = `/v1/escrows?root_escrow_id=${parent.id}`;
    const { body } = await world.call("GET", path, { as: "viewer" });
    const envelopes = body.data.map(({ envelope }: Reply["body"]) => envelope);
    const chain = await verifyEscrowChain(envelopes, { keys: await trust() });
    expect(chain.handOffs).toBe(1);
    expect(chain.escrows.map(({ stage }) => stage)).toEqual(["RELEASED", "RELEASED"]);
    const { body: own } = await world.call("GET", path, { as: "agent" });
    expect(own.data.map(({ id }: Reply["body"]) => id)).toEqual([parent.id]);
  });

  it("passes on no more than there was, in parallel neither", async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => passOn(1_000)));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(4);
    const refused = replies.filter(({ status }) => status !== 201).map(codeOf);
    expect(new Set(refused)).toEqual(new Set(["ESCROW_CHAIN_BROKEN"]));
  });

  it.each<[string, string, object]>([
    ["another currency", "ESCROW_CHAIN_BROKEN", { amount: { amount_minor: 1, currency: "USD" } }],
    ["a later date", "ESCROW_CHAIN_BROKEN", { fulfil_by: new Date(2e12).toISOString() }],
    [
      "a parent that is not there",
      "ESCROW_CHAIN_BROKEN",
      { parent: { escrow_id: typeidUnboxed("esc"), open_digest: `sha256:${"0".repeat(64)}` } },
    ],
  ])("is refused with %s", async (_name, code, fields) => {
    if ("fulfil_by" in fields) {
      const fulfil_by = new Date(Date.parse(parent.fulfil_by) + 1).toISOString();
      expect(codeOf(await passOn(1, { fulfil_by }))).toBe(code);
      return;
    }
    expect(codeOf(await passOn(1, fields))).toBe(code);
  });

  it("is refused once the parent is fulfilled", async () => {
    await ben.fulfil(parent);
    expect(codeOf(await passOn())).toBe("ESCROW_CONFLICT");
  });
});
