import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import { samples } from "../testing/samples.js";
import { type Credentials, codeOf, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  await world?.controlPlane.close();
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

type As = keyof Credentials;

const set = (text: string, base_revision = 0, fields: object = {}, as: As = "admin") =>
  world.call("PUT", "/v1/policies", { as, body: { text, base_revision, ...fields } });
const list = (query = "", as: As = "viewer") => world.call("GET", `/v1/policies${query}`, { as });
const post = (name: "check" | "try" | "explain", body: object, as: As = "viewer") =>
  world.call("POST", `/v1/policies/${name}`, { as, body });

async function askEncrypted() {
  const id = typeidUnboxed("req");
  const key = await importEnvelopeKey("q7Gd3mXq0cVbL2sYtRkWn5uHfJzA7eQi9oPxN1vTg4E");
  const binding = { projectId: world.projectId, requestId: id, field: "payload" } as const;
  const payload = await sealEnvelope({ amount: 50 }, binding, key);
  return world.ask({ id, encrypted: true, payload });
}

const SMALL_REFUNDS = `@id("small-refunds")
permit (principal, action == Action::"ask", resource == Intent::"billing/refund")
when {
  context has payload &&
  context.payload.numbers.hasTag("/amount") &&
  context.payload.numbers.getTag("/amount") <= 100
};
`;
const NO_DELETES = `@id("no-deletes")
@reason("Nothing is deleted here.")
forbid (principal, action, resource) when { context.action == "delete" };
`;

describe("the policy of a project", () => {
  it("is set, and listed with who changed it and why", async () => {
    const { status, body } = await set(SMALL_REFUNDS, 0, { note: "Refunds up to 1.00." });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      revision: 1,
      text: SMALL_REFUNDS,
      note: "Refunds up to 1.00.",
      created_by: { type: "operator", id: world.adminId, name: "Ada" },
    });
    const second = await set("", 1);
    expect((await list()).body).toEqual({ data: [second.body, body], next_cursor: null });
    const page = await list("?limit=1");
    expect(page.body.data).toEqual([second.body]);
    expect((await list(`?limit=1&cursor=${page.body.next_cursor}`)).body.data).toEqual([body]);
    expect((await list("", "foreignAdmin")).body.data).toEqual([]);
  });

  it("has a receipt for each change, with the digest of its text", async () => {
    const { body } = await set(SMALL_REFUNDS);
    const receipt = await world.call("GET", `/v1/receipts/${body.receipt_id}`, { as: "viewer" });
    expect(receipt.status).toBe(200);
    const content = JSON.parse(Buffer.from(receipt.body.jws.split(".")[1], "base64url").toString());
    expect(content).toMatchObject({
      type: "policy.changed",
      actor: { id: world.adminId },
      subject: { id: body.id, revision: 1, digest: digestTextOf(SMALL_REFUNDS) },
    });
  });

  it("is made from the revision in force, or not at all", async () => {
    await set(SMALL_REFUNDS);
    const [conflict, early] = [await set("", 0), await set("", 2)];
    for (const reply of [conflict, early]) {
      expect([reply.status, codeOf(reply)]).toEqual([409, "REVISION_CONFLICT"]);
    }
    expect((await list()).body.data).toHaveLength(1);
  });

  it("is changed by one of those who change it at once", async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => set(SMALL_REFUNDS)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await list()).body.data).toHaveLength(1);
  });

  it("is changed once per idempotency key", async () => {
    const headers = { "idempotency-key": "the-key" };
    const body = { text: SMALL_REFUNDS, base_revision: 0 };
    const call = () => world.call("PUT", "/v1/policies", { as: "admin", headers, body });
    expect((await call()).body).toEqual((await call()).body);
    expect((await list()).body.data).toHaveLength(1);
  });

  it("is refused where it is wrong, and where is said", async () => {
    const reply = await set(
      `${NO_DELETES}permit (principal, action, resource)\nwhen { context.x };`,
    );
    expect([reply.status, codeOf(reply)]).toEqual([422, "POLICY_INVALID"]);
    expect(reply.body.issues).toHaveLength(1);
    expect(reply.body.issues[0].message).toMatch(/^line 5, column 8: attribute `x`/);
    expect((await list()).body.data).toEqual([]);
    const trial = await post("try", { text: "permit" });
    expect([trial.status, codeOf(trial)]).toEqual([422, "POLICY_INVALID"]);
  });

  it("is checked without being set", async () => {
    const { status, body } = await post("check", { text: `${NO_DELETES}permit (principal` });
    expect(status).toBe(200);
    expect(body).toMatchObject({ valid: false, problems: [{ severity: "error", line: 4 }] });
    expect((await post("check", { text: NO_DELETES })).body).toEqual({
      valid: true,
      problems: [],
      statements: [{ id: "no-deletes", effect: "forbid", reason: "Nothing is deleted here." }],
    });
    expect((await list()).body.data).toEqual([]);
  });
});

describe("trying a policy", () => {
  it("says what it would say of past requests, and which it would decide otherwise", async () => {
    const small = await world.ask({
      service: "billing",
      action: "refund",
      payload: { amount: 50 },
    });
    const deleted = await world.ask({ action: "delete" });
    await world.ask({ action: "read" });
    const bought = await world.buy({ amount: { amount_minor: 9_000, currency: "EUR" } });
    await set(NO_DELETES);
    const costly = `@id("costly") @hold("finance") permit (principal, action, resource)
      when { context has spend && context.spend.amount_minor > 5000 };`;
    const { status, body } = await post("try", { text: SMALL_REFUNDS + costly });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tried: 4,
      verdicts: { allow: 1, hold: 1, deny: 0, none: 2 },
      changed: [
        { request_id: bought.id, was: "none", would_be: "hold", policies: ["costly"] },
        { request_id: deleted.id, was: "deny", would_be: "none", policies: [] },
        { request_id: small.id, was: "none", would_be: "allow", policies: ["small-refunds"] },
      ],
    });
    expect((await list()).body.data).toHaveLength(1);
    const after = await world.call("GET", `/v1/requests/${small.id}`, { as: "agent" });
    expect(after.body.status).toBe("PENDING");
  });

  it("looks at calls of the gate by their parameters", async () => {
    const sample = await samples.getApproval?.(world);
    const id = sample?.path.split("/").at(-1);
    const text = `@id("does-not-start")
      permit (principal, action == Action::"execute", resource)
      when {
        context has payload &&
        context.payload.text.hasTag("/subject") &&
        context.payload.text.getTag("/subject") like "*not start*"
      };`;
    const { body } = await post("try", { text });
    expect(body.changed).toMatchObject([
      { request_id: id, service: "gate", would_be: "allow", policies: ["does-not-start"] },
    ]);
    const explained = await post("explain", { request_id: id });
    expect(explained.body.question).toMatchObject({ action: 'Action::"execute"' });
  });

  it("looks at as many as are asked for, and no further back", async () => {
    await world.ask();
    world.clock.advance(60_000);
    const since = new Date(world.clock.now()).toISOString();
    for (let index = 0; index < 60; index += 1) await world.ask();
    const text = "permit (principal, action, resource);";
    const tried = async (fields: object) => (await post("try", { text, ...fields })).body.tried;
    expect(await tried({ since })).toBe(60);
    expect(await tried({ limit: 55 })).toBe(55);
    expect(await tried({})).toBe(61);
  });

  it("judges what is encrypted without its contents, and knows the agent's scopes", async () => {
    const text = `permit (principal, action, resource)
      when { context.scopes.contains("requests:write") && !(context has payload) };`;
    await world.ask();
    const sealed = await askEncrypted();
    const { body } = await post("try", { text });
    expect(body.changed).toMatchObject([{ request_id: sealed.id, would_be: "allow" }]);
  });

  it("sees nothing of other projects", async () => {
    await world.ask();
    const { body } = await post("try", { text: SMALL_REFUNDS }, "foreignAdmin");
    expect(body.tried).toBe(0);
  });
});

describe("explaining a policy", () => {
  it("names the statements that decided, and the question they read", async () => {
    const { id, agent } = await world.ask({
      service: "billing",
      action: "refund",
      payload: { amount: 50, paid: true },
    });
    await set(NO_DELETES + SMALL_REFUNDS);
    const { status, body } = await post("explain", { request_id: id });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      request_id: id,
      revision: 1,
      verdict: "allow",
      policies: [{ id: "small-refunds", effect: "permit" }],
      errors: [],
      question: {
        principal: `Agent::"${agent.id}"`,
        action: 'Action::"ask"',
        resource: 'Intent::"billing/refund"',
        context: {
          service: "billing",
          payload: {
            text: { "/amount": "50", "/paid": "true" },
            numbers: { "/amount": 50 },
            flags: { "/paid": true },
          },
        },
      },
    });
  });

  it("says what could not be evaluated", async () => {
    const { id } = await world.ask();
    await set(OVERFLOW);
    const { body } = await post("explain", { request_id: id });
    expect(body).toMatchObject({ verdict: "none", policies: [] });
    expect(body.errors[0]).toContain("overflow");
  });

  it("shows the question where there is no policy", async () => {
    const { id } = await world.buy();
    const { body } = await post("explain", { request_id: id });
    expect(body).toMatchObject({
      revision: 0,
      verdict: "none",
      question: { action: 'Action::"purchase"', context: { spend: { currency: "EUR" } } },
    });
    const unknown = await post("explain", { request_id: typeidUnboxed("req") });
    expect(codeOf(unknown)).toBe("REQUEST_NOT_FOUND");
  });
});

const OVERFLOW =
  "permit (principal, action, resource) when { context.time.unix_ms * 9223372036854775807 > 0 };";
