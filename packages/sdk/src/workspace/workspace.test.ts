import { inspect } from "node:util";
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type AgentWorkspace,
  AuthenticationError,
  ConfigurationError,
  createAgentWorkspace,
  Holdpoint,
  InvalidResponseError,
} from "../index.js";
import { AGENT, fakeGate } from "../test-kit/fake-gate.js";
import { API_KEY, BASE_URL, PROJECT_ID, problem, wireRequest } from "../test-kit/fixtures.js";
import { scriptFetch } from "../test-kit/scripted-fetch.js";

afterEach(() => vi.unstubAllEnvs());

const identity = {
  id: "aid_01h455vb4pex5vsknk084sn02q",
  project_id: PROJECT_ID,
  agent: AGENT,
  key_thumbprint: "t",
  scopes: ["gate"],
};

async function enrol(): Promise<AgentWorkspace> {
  const { fetch } = scriptFetch(identity);
  return createAgentWorkspace({ code: "hpe_code", baseUrl: BASE_URL, fetch });
}

describe("createAgentWorkspace", () => {
  test("enrols a key drawn here, which it proves to have, and sends none of its private part", async () => {
    const { fetch, calls } = scriptFetch(identity);
    const workspace = await createAgentWorkspace({ code: "hpe_code", baseUrl: BASE_URL, fetch });
    expect(workspace).toEqual({
      url: BASE_URL,
      projectId: PROJECT_ID,
      agentId: AGENT.id,
      identityId: identity.id,
      scopes: ["gate"],
      privateKey: {
        kty: "EC",
        crv: "P-256",
        x: expect.any(String),
        y: expect.any(String),
        d: expect.any(String),
      },
    });
    const [call] = calls;
    expect(call).toMatchObject({ method: "POST", body: '{"code":"hpe_code"}' });
    expect(call?.url.pathname).toBe("/v1/agent-identities");
    expect(call?.headers.has("authorization")).toBe(false);
    const proof = String(call?.headers.get("dpop"));
    const { x, y } = workspace.privateKey;
    expect(decodeProtectedHeader(proof).jwk).toEqual({ kty: "EC", crv: "P-256", x, y });
    expect(decodeJwt(proof)).not.toHaveProperty("ath");
    expect(proof + call?.body).not.toContain(workspace.privateKey.d);
  });

  test("says which code was not accepted, and repeats it nowhere", async () => {
    const { fetch } = scriptFetch(
      problem(401, "ENROLMENT_INVALID", { detail: "Unknown: hpe_code" }),
    );
    const error = await createAgentWorkspace({ code: "hpe_code", baseUrl: BASE_URL, fetch }).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.code).toBe("ENROLMENT_INVALID");
    expect(error.message).not.toContain("hpe_code");
    const odd = scriptFetch({ id: identity.id }).fetch;
    await expect(
      createAgentWorkspace({ code: "hpe_code", baseUrl: BASE_URL, fetch: odd }),
    ).rejects.toBeInstanceOf(InvalidResponseError);
  });
});

describe("an agent's own key", () => {
  test("lets every call of the client out with a lease and a proof", async () => {
    const agentKey = await enrol();
    const answer = ({ path }: { path: string }) =>
      path.startsWith("/v1/requests") ? wireRequest() : undefined;
    const { fetch, leases, calls, faults } = fakeGate({ answer });
    const hp = new Holdpoint({ agentKey, fetch });
    await hp.requests.get(wireRequest().id);
    await hp.gate.execute("github-issue");
    expect(calls.map(({ path }) => path)).toEqual([
      `/v1/requests/${wireRequest().id}`,
      "/v1/actions/github-issue/execute",
    ]);
    expect(leases).toHaveLength(1);
    expect(faults).toEqual([]);
    const assertion = String(leases[0]?.credential);
    const { x, y } = agentKey.privateKey;
    const { payload, protectedHeader } = await jwtVerify(
      assertion,
      await importJWK({ kty: "EC", crv: "P-256", x, y }, "ES256"),
      { typ: "client-authentication+jwt", issuer: AGENT.id, subject: AGENT.id, audience: BASE_URL },
    );
    expect(protectedHeader.kid).toMatch(/^[\w-]{43}$/);
    expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
    expect(payload.jti).toEqual(expect.any(String));
  });

  test("stays in use for all else once the gate is closed", async () => {
    const { fetch, leases } = fakeGate({ answer: () => wireRequest() });
    const hp = new Holdpoint({ agentKey: await enrol(), fetch });
    await hp.gate.close();
    await hp.requests.get(wireRequest().id);
    await expect(hp.gate.actions()).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    expect(leases).toHaveLength(1);
  });

  test("is read from the environment as JSON, before an API key there, after one that is given", async () => {
    const agentKey = await enrol();
    vi.stubEnv("HOLDPOINT_AGENT_KEY", JSON.stringify(agentKey));
    vi.stubEnv("HOLDPOINT_API_KEY", API_KEY);
    const { fetch, leases } = fakeGate();
    await new Holdpoint({ fetch }).gate.execute("github-issue");
    await new Holdpoint({ fetch, apiKey: API_KEY, baseUrl: BASE_URL }).gate.execute("github-issue");
    expect(leases.map(({ credential }) => credential.split(".").length)).toEqual([3, 1]);
  });

  test("is refused in any other form, and shown nowhere", async () => {
    const agentKey = await enrol();
    const { d, ...publicKey } = agentKey.privateKey;
    const wrong: unknown[] = [
      "{",
      "7",
      {},
      { ...agentKey, privateKey: publicKey },
      { ...agentKey, privateKey: { ...agentKey.privateKey, crv: "P-384" } },
      { ...agentKey, projectId: "prj_1" },
      { ...agentKey, agentId: undefined },
      { ...agentKey, url: "javascript:alert(1)" },
    ];
    for (const given of wrong) {
      const make = () => new Holdpoint({ agentKey: given as AgentWorkspace });
      expect(make).toThrow(ConfigurationError);
      expect(make).not.toThrow(d);
    }
    expect(() => new Holdpoint({ agentKey, apiKey: API_KEY })).toThrow(ConfigurationError);
    const shown = inspect(new Holdpoint({ agentKey }), { depth: 9, showHidden: true });
    expect(shown).not.toContain(d);
  });
});
