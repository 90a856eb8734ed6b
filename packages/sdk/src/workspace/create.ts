import type { WireAgentIdentity, WireEnrol } from "@holdpoint/protocol/gate";
import { exportJWK, generateKeyPair } from "jose";
import { invalidInput, invalidResponse, isId, isJsonObject, Transport } from "../core.js";
import { authorizeWhileLearning, Prover } from "../gate/prover.js";
import type { ResolvedOptions } from "../options.js";
import type { AgentPrivateJwk, AgentWorkspace } from "./options.js";

type EnrolOptions = Pick<
  ResolvedOptions,
  "baseUrl" | "fetch" | "maxRetries" | "signal" | "timeoutMs"
>;

/** Draws a key and enrols it: the code goes out once more only while nothing has answered. */
export async function enrol(options: EnrolOptions, code: unknown): Promise<AgentWorkspace> {
  if (typeof code !== "string" || code === "") throw invalidInput("code", "an enrolment's code");
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const { x = "", y = "", d = "" } = await exportJWK(privateKey);
  const jwk: AgentPrivateJwk = { kty: "EC", crv: "P-256", x, y, d };
  const prover = new Prover();
  const key = { privateKey, publicKey, jwk: { kty: jwk.kty, crv: jwk.crv, x, y } } as const;
  const transport = new Transport(options, {
    authorize: (outgoing) =>
      authorizeWhileLearning(
        async () => ({ headers: { dpop: await prover.prove(key, outgoing) }, secrets: [code] }),
        (answer) => prover.learn(answer),
      ),
  });
  const body = JSON.stringify({ code } satisfies WireEnrol);
  const call = { method: "POST", path: "/v1/agent-identities", body } as const;
  const identity = parseIdentity(await transport.call(call));
  return {
    url: options.baseUrl,
    projectId: identity.project_id,
    agentId: identity.agent.id,
    identityId: identity.id,
    scopes: identity.scopes,
    privateKey: jwk,
  };
}

function parseIdentity(body: unknown): WireAgentIdentity {
  const { id, project_id, agent, scopes } = isJsonObject(body) ? body : {};
  const isWhole =
    isId("agentIdentity", id) &&
    isId("project", project_id) &&
    isJsonObject(agent) &&
    isId("agent", agent.id) &&
    Array.isArray(scopes);
  if (isWhole) return body as unknown as WireAgentIdentity;
  throw invalidResponse("Expected the agent's new identity");
}
