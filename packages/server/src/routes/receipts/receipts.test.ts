import {
  digestJson,
  REQUEST_EVENT_TYPES,
  type WireEvent,
  type WireExecution,
  type WireLoggedReceipt,
  type WireReceipt,
  type WireRequest,
  type WireSigningKeys,
} from "@holdpoint/protocol";
import { importTrustedKeys, verifyReceipt } from "@holdpoint/protocol/receipt";
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from "jose";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Routine } from "../shield/testing/routine.js";
import { codeOf, World } from "../testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

async function read<Body>(path: string): Promise<Body> {
  const reply = await world.call("GET", path, { as: "admin" });
  expect(reply.status, path).toBe(200);
  return reply.body;
}

async function eventsOf(id: string): Promise<readonly WireEvent[]> {
  return (await read<{ data: WireEvent[] }>(`/v1/requests/${id}/events`)).data;
}

const readKeys = () => read<WireSigningKeys>("/.well-known/jwks.json");
const readReceipt = (id: string) => read<WireReceipt>(`/v1/receipts/${id}`);

const RESULT = { refund: "re_1", amount_minor: 1250 };

async function claim(request: WireRequest): Promise<WireExecution> {
  const { grant } = request;
  const { body } = await world.call("POST", `/v1/requests/${request.id}/executions`, {
    as: "agent",
    body: {
      id: typeidUnboxed("exe"),
      grant_id: grant?.id,
      approved_digest: grant?.approved_digest,
    },
  });
  return body;
}

function settle({ id }: WireExecution, verb: string, body: object) {
  return world.call("POST", `/v1/executions/${id}/${verb}`, { as: "agent", body });
}

function confirm(id: string, body: object) {
  return world.call("POST", `/v1/purchases/${id}/confirm`, { as: "agent", body });
}

async function approve(edit: object = {}): Promise<WireRequest> {
  const { id } = await world.ask();
  return (await world.decide(id, { decision: "approve", revision: 1, ...edit })).body;
}

/** Every way a request can go, by the id of the request. */
const STORIES: Readonly<Record<string, () => Promise<string>>> = {
  "approved as asked": async () => (await approve({ reason: "Fine." })).id,
  "approved with an edit, and run": async () => {
    const request = await approve({ patched_payload: { sql: "SELECT 1", limit: 5 } });
    await settle(await claim(request), "commit", { fencing_token: 1, result: RESULT });
    return request.id;
  },
  "approved, and failed": async () => {
    const request = await approve();
    await settle(await claim(request), "fail", { fencing_token: 1, error: { why: "locked" } });
    return request.id;
  },
  "approved, and reconciled": async () => {
    const request = await approve();
    const execution = await claim(request);
    world.clock.advance(3_600_000);
    const evidence = { provider: "has it" };
    await settle(execution, "reconcile", { outcome: "committed", evidence, result: RESULT });
    return request.id;
  },
  "approved by one of two": async () => {
    const policy = { currency: "EUR", approval_threshold: { amount: "50.00", quorum: 2 } };
    await world.call("POST", "/v1/spend-policies", { as: "admin", body: { policy } });
    const { id } = await world.buy({ amount: { amount_minor: 6_000, currency: "EUR" } });
    await world.decide(id, { decision: "approve", revision: 1, reason: "Fine." }, "approver");
    return id;
  },
  "paid, and refunded": async () => {
    const { id } = await world.buyApproved();
    await confirm(id, { success: true });
    const body = { id: typeidUnboxed("rfd"), amount: { amount_minor: 100, currency: "EUR" } };
    await world.call("POST", `/v1/purchases/${id}/refund`, { as: "admin", body });
    return id;
  },
  "approved, and not paid": async () => {
    const { id } = await world.buyApproved();
    await confirm(id, { success: false });
    return id;
  },
  "expired with its money": async () => {
    const { id } = await world.buy();
    world.clock.advance(1_800_000);
    return id;
  },
  "an anomaly": async () => {
    const routine = new Routine(world, { service: "deploy" });
    await routine.learn();
    return (await world.ask({ service: "deploy", action: "apply_terraform" })).id;
  },
  rejected: async () => {
    const { id } = await world.ask();
    await world.decide(id, { decision: "reject", revision: 1, reason: "Not on a Friday." });
    return id;
  },
  cancelled: async () => {
    const { id } = await world.ask();
    await world.call("POST", `/v1/requests/${id}/cancel`, { as: "agent" });
    return id;
  },
  expired: async () => {
    const { id } = await world.ask({ timeout_ms: 1_000 });
    world.clock.advance(1_000);
    return id;
  },
};

describe("[G7] every event has a receipt", () => {
  const seen = new Set<string>();

  it.each(Object.entries(STORIES))("when it is %s", async (_name, tell) => {
    const requestId = await tell();
    const request = await read<WireRequest>(`/v1/requests/${requestId}`);
    const executionId = request.execution.id;
    const execution =
      executionId === undefined
        ? undefined
        : await read<WireExecution>(`/v1/executions/${executionId}`);
    const keySet = await readKeys();
    const keys = await importTrustedKeys(keySet);
    const events = await eventsOf(requestId);
    for (const event of events) {
      const receipt = await readReceipt(event.receipt_id);
      const jwks = createLocalJWKSet(keySet as unknown as JSONWebKeySet);
      const { payload } = await compactVerify(receipt.jws, jwks);
      const content = JSON.parse(Buffer.from(payload).toString("utf8"));
      seen.add(content.type);
      const { id, receipt_id, reason, execution: run, ...same } = event;
      expect(content).toMatchObject({
        ...same,
        id: receipt_id,
        project_id: world.projectId,
        agent_id: request.agent.id,
        ...(run && { execution: run }),
      });
      const subject = { request, ...(execution && run && { execution }) };
      const { log } = await verifyReceipt(receipt, { keys, projectId: world.projectId, subject });
      expect(log?.index).toBe(receipt.log?.index);
    }
  });

  it("of every type there is", () => {
    expect([...seen].sort()).toEqual([...REQUEST_EVENT_TYPES].sort());
  });

  it("with the digests of what was asked, decided, said and returned", async () => {
    const digest = async (value: unknown) => `sha256:${await digestJson(value)}`;
    const edited = { sql: "SELECT 2", limit: 5 };
    const request = await approve({ patched_payload: edited, reason: "Only reading." });
    await settle(await claim(request), "commit", { fencing_token: 1, result: RESULT });
    const [created, approved, claimed, committed] = await Promise.all(
      (await eventsOf(request.id)).map(async ({ receipt_id }) => {
        const { jws } = await readReceipt(receipt_id);
        return JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString("utf8"));
      }),
    );
    const payloadDigest = await digest(request.payload);
    expect(created.payload_digest).toBe(payloadDigest);
    expect(created).not.toHaveProperty("approved_digest");
    expect(approved.payload_digest).toBe(payloadDigest);
    expect(approved.approved_digest).toBe(await digest(edited));
    expect(approved.approved_digest).toBe(request.grant?.approved_digest);
    expect(approved.reason_digest).toBe(await digest("Only reading."));
    expect(claimed.approved_digest).toBe(await digest(edited));
    expect(committed.execution.result_digest).toBe(await digest(RESULT));
    expect(JSON.stringify([created, approved, committed])).not.toContain("SELECT");
  });
});

describe("an export", () => {
  it("pages through the project's receipts in the order of the log, and no other's", async () => {
    await world.call("POST", "/v1/requests", {
      as: "foreignAgent",
      body: { id: typeidUnboxed("req"), service: "s", action: "a", payload: 1 },
    });
    await world.ask();
    const all: WireLoggedReceipt[] = [];
    let after: string | null = "";
    while (after !== null) {
      const query: string = after === "" ? "?limit=7" : `?limit=7&after_index=${after}`;
      const page = await read<{ data: WireLoggedReceipt[]; next_cursor: string | null }>(
        `/v1/receipts${query}`,
      );
      expect(page.data.length).toBeLessThanOrEqual(7);
      all.push(...page.data);
      after = page.next_cursor;
    }
    const indexes = all.map(({ index }) => index);
    expect(indexes).toEqual([...new Set(indexes)].sort((one, other) => one - other));
    for (const { id, jws, index } of all) {
      const receipt = await readReceipt(id);
      expect(receipt.jws).toBe(jws);
      expect(receipt.log?.index).toBe(index);
    }
    const whole = await read<{ data: WireLoggedReceipt[] }>("/v1/receipts?limit=1000");
    expect(whole.data).toEqual(all);
  });

  it.each(["limit=0", "limit=1001", "after_index=-1", "after_index=x", "cursor=1"])(
    "refuses ?%s",
    async (query) => {
      const reply = await world.call("GET", `/v1/receipts?${query}`, { as: "admin" });
      expect(codeOf(reply)).toBe("VALIDATION_FAILED");
    },
  );
});

it("does not know a receipt that never was", async () => {
  const reply = await world.call("GET", "/v1/receipts/rcp_01h455vb4pex5vsknk084sn02q", {
    as: "agent",
  });
  expect(codeOf(reply)).toBe("RECEIPT_NOT_FOUND");
});
