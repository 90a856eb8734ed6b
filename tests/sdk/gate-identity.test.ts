import { join } from "node:path";
import {
  AuthenticationError,
  createAgentWorkspace,
  Holdpoint,
  NotFoundError,
} from "@holdpoint/sdk";
import { createControlPlane } from "@holdpoint/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";

const encryptionKey = Buffer.alloc(32, 7).toString("base64url");

let holdpoint: ServedControlPlane;
beforeAll(async () => {
  // Nonces are asked for here, so every first call of a client is refused once, and made again.
  holdpoint = await serveControlPlane({ proofNonces: true });
});
afterAll(() => holdpoint[Symbol.asyncDispose]());

const SCOPES = ["gate", "requests:read", "requests:write"];
const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

async function invite(agent: string): Promise<string> {
  const body = JSON.stringify({ agent, scopes: SCOPES });
  const response = await holdpoint.operate("/v1/enrolments", { method: "POST", body });
  return ((await response.json()) as { readonly code: string }).code;
}

const enrol = async (agent = "own-key") =>
  createAgentWorkspace({ code: await invite(agent), baseUrl: holdpoint.url });

describe("an agent with a key of its own", () => {
  test("asks, encrypts and reads its receipts, with no secret that anybody shares", async () => {
    const agentKey = await enrol();
    expect(agentKey).toMatchObject({ url: holdpoint.url, projectId: holdpoint.projectId });
    const hp = new Holdpoint({ agentKey, encryptionKey });
    expect(await hp.me()).toMatchObject({
      agent: { id: agentKey.agentId, name: "own-key" },
      scopes: SCOPES,
    });
    const asked = { service: "billing", action: "refund", payload: { amount: 500 } };
    const { id } = await hp.defer(asked);
    const waiting = hp.wait(id);
    await holdpoint.decide(id, { decision: "approve" });
    const decision = await waiting;
    expect(decision).toMatchObject({ approved: true, payload: { amount: 500 } });
    expect(await hp.receipts.get(String(decision.receiptId))).toMatchObject({
      id: decision.receiptId,
    });
  });

  test("enrols once with a code, and is nobody once it is revoked", async () => {
    const code = await invite("own-key");
    const agentKey = await createAgentWorkspace({ code, baseUrl: holdpoint.url });
    const again = await failure(createAgentWorkspace({ code, baseUrl: holdpoint.url }));
    expect(again).toBeInstanceOf(AuthenticationError);
    expect(again).toMatchObject({ code: "ENROLMENT_INVALID" });
    const hp = new Holdpoint({ agentKey });
    await hp.me();
    const path = `/v1/agent-identities/${agentKey.identityId}/revoke`;
    expect((await holdpoint.operate(path, { method: "POST" })).status).toBe(200);
    expect(await failure(hp.me())).toBeInstanceOf(AuthenticationError);
    expect(await failure(new Holdpoint({ agentKey }).me())).toMatchObject({
      code: "CREDENTIAL_INVALID",
    });
  });

  test("sees nothing of another agent's", async () => {
    const hp = new Holdpoint({ agentKey: await enrol() });
    const other = holdpoint.client();
    const { id } = await other.defer({ service: "billing", action: "refund", payload: 1 });
    expect(await failure(hp.requests.get(id))).toBeInstanceOf(NotFoundError);
  });
});

test("a hundred calls at once prove themselves under one lease, each with the server's nonce", async () => {
  const hp = new Holdpoint({ agentKey: await enrol("crowd") });
  const identities = await Promise.all(Array.from({ length: 100 }, () => hp.me()));
  expect(new Set(identities.map(({ agent }) => agent.name))).toEqual(new Set(["crowd"]));
  const response = await holdpoint.operate("/v1/leases");
  const { data } = (await response.json()) as { data: { agent: { name: string } }[] };
  expect(data.filter(({ agent }) => agent.name === "crowd")).toHaveLength(1);
});

test("over a Unix socket, and no port, a client proves its calls", async () => {
  await using folder = await createFolder();
  const socketPath = join(folder.path, "holdpoint.sock");
  const plane = await createControlPlane({
    storage: { kind: "memory" },
    masterKey: Buffer.alloc(32, 3).toString("base64url"),
    rateLimits: false,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  try {
    await plane.start({ socketPath });
    const { projectId } = await plane.admin.bootstrap({
      email: "ada@example.com",
      name: "Ada Lovelace",
      projectName: "Acme",
    });
    const agent = { agent: "on-the-same-machine", scopes: ["gate"] } as const;
    const { apiKey } = await plane.admin.createApiKey(projectId, agent);
    const hp = new Holdpoint({ apiKey, socketPath });
    expect(await hp.gate.connect()).toMatchObject({ agent: { name: "on-the-same-machine" } });
    expect(await hp.gate.actions()).toEqual([]);
  } finally {
    await plane.close();
  }
});
