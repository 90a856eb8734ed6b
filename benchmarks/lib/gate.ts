import type { ActionManifest, WireGateResult, WireIssuedLease } from "@holdpoint/protocol/gate";
import { typeidUnboxed } from "typeid-js";
import { Pool } from "undici";
import { callJson } from "./call.js";
import type { ControlPlaneReady } from "./control-plane.js";
import { newProofKey, prove } from "./proofs.js";

/** An agent at the gate, and the same call without one. */
export interface Gate {
  /** Runs the action through the gate. */
  execute(): Promise<void>;
  /** Calls what the action calls, directly. */
  direct(): Promise<void>;
  close(): Promise<void>;
}

const ACTION = "open-ticket";
const PARAMETERS = { title: "The printer is out of paper", text: "On the second floor." };

const POLICY = `@id("tickets")
permit (principal, action == Action::"execute", resource == Intent::"gate/${ACTION}");
@id("no-shouting")
forbid (principal, action == Action::"execute", resource)
when {
  context has payload &&
  context.payload.text.hasTag("/title") &&
  context.payload.text.getTag("/title") like "URGENT*"
};`;

/**
 * Registers an action that calls `apiUrl`, lets policy allow it, and connects an agent.
 *
 * @param connections - Calls at once.
 */
export async function connectGate(
  ready: ControlPlaneReady,
  apiUrl: string,
  connections: number,
): Promise<Gate> {
  const options = { connections, headersTimeout: 0, bodyTimeout: 0 };
  const plane = new Pool(ready.url, options);
  const api = new Pool(apiUrl, options);
  const operator = { authorization: `Bearer ${ready.operatorToken}` };
  await callJson(plane, "PUT", `/v1/actions/${ACTION}`, {
    headers: operator,
    body: manifestOf(apiUrl),
  });
  const policy = { text: POLICY, base_revision: 0 };
  await callJson(plane, "PUT", "/v1/policies", { headers: operator, body: policy });
  const key = newProofKey();
  const leases = `${ready.url}/v1/leases`;
  const ask = { ttl_seconds: 3_600 };
  const dpop = prove(key, leases, JSON.stringify(ask));
  const lease = await callJson<WireIssuedLease>(plane, "POST", "/v1/leases", {
    headers: { authorization: `Bearer ${ready.apiKey}`, dpop },
    body: ask,
  });
  const path = `/v1/actions/${ACTION}/execute`;
  return {
    async execute() {
      const body = { id: typeidUnboxed("req"), parameters: PARAMETERS };
      const proof = prove(key, `${ready.url}${path}`, JSON.stringify(body), lease.token);
      const headers = { authorization: `DPoP ${lease.token}`, dpop: proof };
      const result = await callJson<WireGateResult>(plane, "POST", path, { headers, body });
      if (!result.fully_successful) throw new Error(`Expected success, got ${result.outcome}.`);
    },
    async direct() {
      await callJson(api, "POST", "/tickets", { body: PARAMETERS });
    },
    async close() {
      await Promise.all([plane.destroy(), api.destroy()]);
    },
  };
}

function manifestOf(apiUrl: string): ActionManifest {
  const { hostname, port } = new URL(apiUrl);
  return {
    id: ACTION,
    version: "1.0.0",
    title: "Open a ticket",
    description: "Opens a ticket in the help desk.",
    risk: "medium",
    parameters: {
      type: "object",
      properties: { title: { type: "string" }, text: { type: "string" } },
      required: ["title"],
      additionalProperties: false,
    },
    provider: {
      type: "http",
      method: "POST",
      url: `${apiUrl}/tickets`,
      body: { title: "{title}", text: "{text}" },
    },
    egress: { domains: [hostname], ports: [Number(port)], allow_private: true },
    verification: { type: "status", statuses: [201] },
  };
}
