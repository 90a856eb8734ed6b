/** An agent's own key, private: keep it as a file of mode 0600, or as a secret of your platform. */
export interface AgentWorkspace {
  /** Of the control plane. */
  readonly url: string;
  /** `prj_…`. */
  readonly projectId: string;
  /** `agt_…`. */
  readonly agentId: string;
  /** `aid_…`: what an operator revokes it by. */
  readonly identityId: string;
  readonly scopes: readonly string[];
  readonly privateKey: AgentPrivateJwk;
}

/** A P-256 key with its private part (RFC 7518 §6.2). */
export interface AgentPrivateJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

export interface CreateAgentWorkspaceOptions {
  /** The one-time code (`hpe_…`) of `holdpoint agents enrol`. */
  readonly code: string;
  /** The control plane's URL. Default: `HOLDPOINT_URL`, else the socket of `HOLDPOINT_SOCKET`, else `http://localhost:4747`. */
  readonly baseUrl?: string;
  /** Path of the control plane's Unix socket, in place of `baseUrl`. On Node only. */
  readonly socketPath?: string;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  readonly signal?: AbortSignal;
}
