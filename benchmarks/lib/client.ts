import type { WireCreateRequest, WireRequest } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { Pool } from "undici";
import { callJson } from "./call.js";
import type { ControlPlaneReady } from "./control-plane.js";

/** A bare HTTP client, lighter than fetch, so that the server is what is measured. */
export class BenchClient {
  readonly #pool: Pool;
  readonly #ready: ControlPlaneReady;

  constructor(ready: ControlPlaneReady, connections: number) {
    this.#pool = new Pool(ready.url, { connections, headersTimeout: 0, bodyTimeout: 0 });
    this.#ready = ready;
  }

  create(service = "db-agent"): Promise<WireRequest> {
    const body: WireCreateRequest = {
      id: typeidUnboxed("req"),
      service,
      action: "run_sql",
      priority: "high",
      payload: { sql: "DELETE FROM sessions WHERE expires_at < now()", database: "production" },
      timeout_ms: 3_600_000,
    };
    return this.#call("POST", "/v1/requests", this.#ready.apiKey, body);
  }

  read(id: string): Promise<WireRequest> {
    return this.#call("GET", `/v1/requests/${id}`, this.#ready.apiKey);
  }

  approve({ id, revision }: Pick<WireRequest, "id" | "revision">): Promise<WireRequest> {
    const body = { decision: "approve", revision };
    return this.#call("POST", `/v1/requests/${id}/decision`, this.#ready.operatorToken, body);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #call(
    method: "GET" | "POST",
    path: string,
    credential: string,
    body?: unknown,
  ): Promise<WireRequest> {
    const headers = { authorization: `Bearer ${credential}` };
    return callJson(this.#pool, method, path, { headers, body });
  }
}
