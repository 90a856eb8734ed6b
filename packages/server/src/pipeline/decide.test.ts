import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf, newRequest, World } from "../routes/testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

const approve = { decision: "approve", revision: 1 };

describe("one decision (G1)", () => {
  it("lets one of 50 racing deciders win and tells the others who it was", async () => {
    const { id } = await world.ask();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        world.decide(
          id,
          { decision: index % 2 === 0 ? "approve" : "reject", revision: 1 },
          index % 3 === 0 ? "approver" : "admin",
        ),
      ),
    );
    const winners = replies.filter(({ status }) => status === 200);
    const losers = replies.filter(({ status }) => status === 409);
    expect(winners).toHaveLength(1);
    expect(losers).toHaveLength(49);
    const { status, revision, decided_by } = winners[0]?.body ?? {};
    for (const loser of losers) {
      expect(codeOf(loser)).toBe("ALREADY_DECIDED");
      expect(loser.body.current).toEqual({ status, revision, decided_by });
    }
    const events = await world.call("GET", `/v1/requests/${id}/events`, { as: "admin" });
    expect(events.body.data).toHaveLength(2);
  });

  it("lets one of a decision and a cancellation win", async () => {
    const { id } = await world.ask();
    const replies = await Promise.all([
      world.decide(id, approve),
      world.call("POST", `/v1/requests/${id}/cancel`, { as: "agent" }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("refuses a decision made on another revision", async () => {
    const { id } = await world.ask();
    const reply = await world.decide(id, { decision: "approve", revision: 2 });
    expect(codeOf(reply)).toBe("REVISION_CONFLICT");
    expect(reply.body.current).toEqual({ status: "PENDING", revision: 1 });
  });

  it("lets a decision after the expiry lose to it", async () => {
    const { id } = await world.ask({ timeout_ms: 1_000 });
    world.clock.advance(1_000);
    const reply = await world.decide(id, approve);
    expect(codeOf(reply)).toBe("ALREADY_DECIDED");
    expect(reply.body.current.status).toBe("EXPIRED");
  });
});

describe("who decides", () => {
  it.each([
    [undefined, "approver", 200],
    [undefined, "finance", 403],
    ["finance", "finance", 200],
    ["finance", "approver", 403],
    ["finance", "admin", 200],
    ["viewer", "approver", 403],
  ] as const)("a request for role %s by %s: %i", async (role, as, status) => {
    const { id } = await world.ask(role === undefined ? {} : { role });
    const reply = await world.decide(id, approve, as);
    expect(reply.status).toBe(status);
    if (status === 403) expect(codeOf(reply)).toBe("ROLE_REQUIRED");
    else expect(reply.body.decided_by).toMatchObject({ type: "operator" });
  });
});

describe("an edited payload", () => {
  const schema = {
    type: "object",
    properties: { sql: { type: "string" }, limit: { type: "integer", maximum: 10 } },
    required: ["sql"],
    additionalProperties: false,
  };

  it("becomes the patch, with its diff", async () => {
    const { id, payload } = await world.ask({ schema });
    const patched = { ...(payload as object), limit: 1 };
    const reply = await world.decide(id, { ...approve, patched_payload: patched, reason: "Less." });
    expect(reply.body).toMatchObject({
      status: "APPROVED_WITH_MODIFICATIONS",
      revision: 2,
      reason: "Less.",
      patched_payload: patched,
      diff_summary: { changes: [{ path: "/limit", from: 5, to: 1 }] },
    });
  });

  it("that equals the payload in another order is a plain approval", async () => {
    const { id } = await world.ask();
    const patched = { limit: 5.0, sql: "DROP TABLE customers" };
    const reply = await world.decide(id, { ...approve, patched_payload: patched });
    expect(reply.body.status).toBe("APPROVED");
    expect(reply.body).not.toHaveProperty("patched_payload");
    expect(reply.body).not.toHaveProperty("diff_summary");
  });

  it.each([[{}], [[]], [""], [null]])("that is empty, %j, is refused", async (patched_payload) => {
    const { id } = await world.ask();
    const reply = await world.decide(id, { ...approve, patched_payload });
    expect([reply.status, codeOf(reply)]).toEqual([422, "PATCH_EMPTY"]);
  });

  it("that breaks the schema is refused, and names where", async () => {
    const { id } = await world.ask({ schema });
    const patched_payload = { sql: "SELECT 1", limit: 11 };
    const reply = await world.decide(id, { ...approve, patched_payload });
    expect([reply.status, codeOf(reply)]).toEqual([422, "PATCH_INVALID"]);
    expect(reply.body.issues[0].path).toBe("/patched_payload/limit");
    const after = await world.call("GET", `/v1/requests/${id}`, { as: "agent" });
    expect(after.body.status).toBe("PENDING");
  });

  it("is refused with a rejection", async () => {
    const { id } = await world.ask();
    const body = { decision: "reject", revision: 1, patched_payload: { sql: "x" } };
    expect(codeOf(await world.decide(id, body))).toBe("VALIDATION_FAILED");
  });

  it("that is too large is refused", async () => {
    const { id } = await world.ask();
    const patched_payload = { sql: "x".repeat(262_144) };
    const reply = await world.decide(id, { ...approve, patched_payload });
    expect([reply.status, codeOf(reply)]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });
});

describe("making a request", () => {
  it("twice with the same body makes it once", async () => {
    const body = newRequest();
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => world.call("POST", "/v1/requests", { as: "agent", body })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(9);
  });

  it("again after its decision answers the decision", async () => {
    const body = newRequest();
    await world.call("POST", "/v1/requests", { as: "agent", body });
    await world.decide(body.id, approve);
    const again = await world.call("POST", "/v1/requests", { as: "agent", body });
    expect([again.status, again.body.status]).toEqual([200, "APPROVED"]);
  });

  it.each(["agent", "otherAgent", "foreignAgent"] as const)(
    "under a taken id with another body is refused to %s",
    async (as) => {
      const { id } = await world.ask();
      const reply = await world.call("POST", "/v1/requests", {
        as,
        body: newRequest({ id, action: "other" }),
      });
      expect([reply.status, codeOf(reply)]).toEqual([409, "REQUEST_ID_CONFLICT"]);
    },
  );

  it("under another agent's id with the same body is refused too", async () => {
    const body = newRequest();
    await world.call("POST", "/v1/requests", { as: "agent", body });
    const reply = await world.call("POST", "/v1/requests", { as: "otherAgent", body });
    expect(codeOf(reply)).toBe("REQUEST_ID_CONFLICT");
  });
});

describe("cancelling", () => {
  it("twice is the same as once", async () => {
    const { id } = await world.ask();
    const path = `/v1/requests/${id}/cancel`;
    const first = await world.call("POST", path, { as: "agent" });
    const second = await world.call("POST", path, { as: "agent" });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect(first.body).toMatchObject({ status: "CANCELLED", decided_by: { type: "agent" } });
  });

  it("a decided request is told who decided", async () => {
    const { id } = await world.ask();
    await world.decide(id, approve);
    const reply = await world.call("POST", `/v1/requests/${id}/cancel`, { as: "agent" });
    expect([reply.status, codeOf(reply)]).toEqual([409, "ALREADY_DECIDED"]);
    expect(reply.body.current.decided_by.name).toBe("Ada");
  });

  it("what does not exist is not found", async () => {
    const reply = await world.call("POST", `/v1/requests/${typeidUnboxed("req")}/cancel`, {
      as: "agent",
    });
    expect(codeOf(reply)).toBe("REQUEST_NOT_FOUND");
  });
});
