import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ActionDeniedError,
  ActionFailedError,
  ApprovalRejectedError,
  ApprovalRequiredError,
  BudgetExhaustedError,
  GrantError,
  Holdpoint,
  type HoldpointOptions,
  isFullySuccessful,
  OutcomeUnknownError,
  ValidationError,
} from "@holdpoint/sdk";
import { gateActions } from "@holdpoint/sdk/adapter";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

interface Ticket {
  readonly title: string;
  readonly token: string | undefined;
}

const POLICY = `
@id("tickets")
permit (principal, action == Action::"execute", resource == Intent::"gate/open-ticket");

@id("urgent")
@hold("admin")
@reason("Somebody is woken by it.")
permit (principal, action == Action::"execute", resource == Intent::"gate/open-ticket")
when {
  context has payload && context.payload.text.hasTag("/title") &&
  context.payload.text.getTag("/title") like "URGENT*"
};

@id("never")
forbid (principal, action == Action::"execute", resource == Intent::"gate/open-ticket")
when {
  context has payload && context.payload.text.hasTag("/title") &&
  context.payload.text.getTag("/title") == "FORBIDDEN"
};
`;

let holdpoint: ServedControlPlane;
let service: Server;
let apiKey: string;
let tickets: Ticket[];

beforeAll(async () => {
  holdpoint = await serveControlPlane({ allowPrivateEgress: true });
  service = createServer(async (request, response) => {
    const { title } = JSON.parse(await readText(request)) as { title: string };
    tickets.push({ title, token: request.headers.authorization });
    if (title === "BREAK") return response.destroy();
    const status = title === "REFUSE" ? 404 : 201;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ number: tickets.length, title }));
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  const set = await Promise.all([
    operate("PUT", "/v1/secrets/TICKETS_TOKEN", { value: "canary-secret" }),
    operate("PUT", "/v1/actions/open-ticket", manifestFor(port)),
    operate("PUT", "/v1/policies", { text: POLICY, base_revision: 0 }),
  ]);
  expect(set.map(({ status }) => status)).toEqual([200, 201, 200]);
  const made = await holdpoint.plane.admin.createApiKey(holdpoint.projectId, {
    agent: "desk-bot",
    scopes: ["requests:read", "requests:write", "gate"],
  });
  apiKey = made.apiKey;
});
afterAll(async () => {
  service.closeAllConnections();
  service.close();
  await holdpoint[Symbol.asyncDispose]();
});
beforeEach(() => {
  tickets = [];
});

const operate = (method: string, path: string, body: object) =>
  holdpoint.operate(path, { method, body: JSON.stringify(body) });
const client = (options: HoldpointOptions = {}) =>
  new Holdpoint({ baseUrl: holdpoint.url, ...(options.agentKey ? {} : { apiKey }), ...options });
const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function manifestFor(port: number) {
  return {
    id: "open-ticket",
    version: "1.0.0",
    title: "Open a ticket",
    description: "Opens a ticket in the help desk.",
    risk: "medium",
    parameters: {
      type: "object",
      properties: { title: { type: "string", minLength: 1 } },
      required: ["title"],
      additionalProperties: false,
    },
    provider: {
      type: "http",
      method: "POST",
      url: `http://127.0.0.1:${port}/tickets`,
      body: { title: "{title}" },
    },
    egress: { domains: ["127.0.0.1"], ports: [port], allow_private: true },
    secrets: [{ name: "TICKETS_TOKEN", header: "Authorization", prefix: "Bearer " }],
    verification: { type: "status", statuses: [201] },
  };
}

describe("an agent at the gate", () => {
  test("[G7] has an action run with a secret it never sees, and can prove what was done", async () => {
    const hp = client();
    const result = await hp.gate.execute<{ body: object }>("open-ticket", { title: "Printer" });
    expect(tickets).toEqual([{ title: "Printer", token: "Bearer canary-secret" }]);
    expect(result.output?.body).toMatchObject({ number: 1, title: "Printer" });
    expect(isFullySuccessful(result)).toBe(true);
    const receipt = await hp.receipts.verify(await hp.gate.receipt(result.receiptId), {
      allowUnlogged: true,
    });
    expect(receipt).toMatchObject({
      type: "execution.committed",
      requestId: result.id,
      policy: { verdict: "allow", policies: ["tickets"] },
      gate: { actionDigest: result.actionDigest, verification: "verified" },
    });
    expect(JSON.stringify([result, receipt])).not.toContain("canary-secret");
  });

  test("[G2] runs once what is sent again, by id or by key, from any process", async () => {
    const calls = Array.from({ length: 8 }, () =>
      client().gate.execute("open-ticket", { title: "Once" }, { idempotencyKey: "ticket-7" }),
    );
    const results = await Promise.all(calls);
    expect(tickets).toHaveLength(1);
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const again = { idempotencyKey: "ticket-7", runId: "another" };
    const replayed = await client().gate.execute("open-ticket", { title: "Once" }, again);
    expect(replayed.replayed).toBe(true);
    const other = client().gate.execute("open-ticket", { title: "Other" }, again);
    expect(await failure(other)).toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  });

  test("sees what it may do, and where that goes", async () => {
    const { gate } = client();
    expect(await gate.actions()).toMatchObject([{ id: "open-ticket", risk: "medium" }]);
    expect(await gate.egress("open-ticket")).toMatchObject({ domains: ["127.0.0.1"] });
    await gate.connect({ scopes: ["actions:other"] });
    expect(await gate.actions()).toEqual([]);
    expect(await failure(gate.execute("open-ticket", { title: "No" }))).toMatchObject({
      code: "SCOPE_MISSING",
    });
  });

  test("is denied what the policy forbids or does not know, and told of wrong parameters", async () => {
    const { gate } = client();
    const denied = await failure(gate.execute("open-ticket", { title: "FORBIDDEN" }));
    expect(denied).toBeInstanceOf(ActionDeniedError);
    const id = (denied as ActionDeniedError).requestId ?? "";
    const again = await failure(gate.execute("open-ticket", { title: "FORBIDDEN" }, { id }));
    expect(again).toBeInstanceOf(ActionDeniedError);
    const wrong = await failure(gate.execute("open-ticket", { name: "Printer" }));
    expect(wrong).toBeInstanceOf(ValidationError);
    expect(wrong).toMatchObject({ code: "PARAMETERS_INVALID" });
    expect(await failure(gate.execute("close-ticket"))).toMatchObject({ code: "ACTION_NOT_FOUND" });
    expect(tickets).toEqual([]);
  });

  test("is told a refusal from an outcome nobody knows", async () => {
    const { gate } = client();
    const refused = await failure(gate.execute("open-ticket", { title: "REFUSE" }));
    expect(refused).toBeInstanceOf(ActionFailedError);
    expect(refused).toMatchObject({ fault: "refused_by_service", serviceStatus: 404 });
    const broken = await failure(gate.execute("open-ticket", { title: "BREAK" }));
    expect(broken).toBeInstanceOf(OutcomeUnknownError);
    expect(tickets).toHaveLength(2);
  });

  test("[G8] gets no further than the calls of its session, over all its leases", async () => {
    const { gate } = client();
    await gate.connect({ maxCalls: 3 });
    const calls = Array.from({ length: 10 }, () => gate.execute("open-ticket", { title: "Many" }));
    const ends = await Promise.allSettled(calls);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const [failed] = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(failed).toBeInstanceOf(BudgetExhaustedError);
    expect(tickets).toHaveLength(3);
  });
});

describe("a held call", () => {
  const urgent = { title: "URGENT: nothing works" };

  test("[G2] runs once as a person has edited it, in one call", async () => {
    const edited = { title: "URGENT: the printer" };
    const result = await client().gate.execute("open-ticket", urgent, {
      wait: true,
      onPending: ({ id }) =>
        void holdpoint.decide(id, { decision: "approve", patched_payload: edited }),
    });
    expect(result.approvedBy).toMatchObject({ type: "operator", name: "Ada Lovelace" });
    expect(tickets.map(({ title }) => title)).toEqual([edited.title]);
  });

  test("is waited for and run by another process, and not with other parameters", async () => {
    const asked = await failure(client().gate.execute("open-ticket", urgent));
    expect(asked).toBeInstanceOf(ApprovalRequiredError);
    const { approvalId = "", url } = asked as ApprovalRequiredError;
    expect(url).toContain(approvalId);
    const { gate } = client();
    const waiting = gate.approval(approvalId);
    await holdpoint.decide(approvalId, { decision: "approve" });
    expect(await waiting).toMatchObject({
      status: "APPROVED",
      role: "admin",
      policy: { verdict: "hold", policies: ["urgent"] },
    });
    const other = gate.execute("open-ticket", { title: "URGENT: more" }, { approval: approvalId });
    expect(await failure(other)).toBeInstanceOf(GrantError);
    const results = await Promise.all(
      [gate, client().gate].map((one) =>
        one.execute("open-ticket", undefined, { approval: approvalId }),
      ),
    );
    expect(results.map(({ id }) => id)).toEqual([approvalId, approvalId]);
    expect(tickets).toHaveLength(1);
  });

  test("[G4] that is rejected never runs", async () => {
    const error = await failure(
      client().gate.execute("open-ticket", urgent, {
        wait: true,
        onPending: ({ id }) =>
          void holdpoint.decide(id, { decision: "reject", reason: "Not now." }),
      }),
    );
    expect(error).toBeInstanceOf(ApprovalRejectedError);
    expect(error).toMatchObject({ code: "APPROVAL_REJECTED", approval: { reason: "Not now." } });
    expect(tickets).toEqual([]);
  });

  test("[S-TOOL] is told to a model, which calls again and gets the output", async () => {
    const held: string[] = [];
    const [tool] = await gateActions(client(), { waitMs: 0, onHeld: ({ id }) => held.push(id) });
    const first = await tool?.call(urgent);
    expect(first?.text).toMatch(/^WAIT: /);
    await holdpoint.decide(String(held[0]), { decision: "approve" });
    const second = await tool?.call(urgent);
    expect(second?.text).toContain("URGENT");
    expect(tickets).toHaveLength(1);
  });
});

describe("a freeze", () => {
  const setAuthority = (frozen: boolean) => operate("PUT", "/v1/authority", { frozen });

  test("[G4] stops what was leased and approved before, and begins anew once it is thawed", async () => {
    const { gate } = client();
    const limited = client().gate;
    await limited.connect({ maxCalls: 5 });
    await gate.execute("open-ticket", { title: "Before" });
    const asked = await failure(gate.execute("open-ticket", { title: "URGENT: held" }));
    const { approvalId = "" } = asked as ApprovalRequiredError;
    await holdpoint.decide(approvalId, { decision: "approve" });
    await setAuthority(true);
    expect(await failure(gate.execute("open-ticket", { title: "During" }))).toMatchObject({
      code: "AUTHORITY_FROZEN",
    });
    await setAuthority(false);
    await gate.execute("open-ticket", { title: "After" });
    const late = gate.execute("open-ticket", undefined, { approval: approvalId });
    expect(await failure(late)).toMatchObject({ code: "AUTHORITY_FROZEN" });
    const limits = await failure(limited.execute("open-ticket", { title: "Limited" }));
    expect(limits).toMatchObject({ code: "RESOURCE_NOT_FOUND" });
    expect(tickets.map(({ title }) => title)).toEqual(["Before", "After"]);
  });
});
