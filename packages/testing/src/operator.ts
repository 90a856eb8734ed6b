import {
  isEnvelope,
  type JsonValue,
  type Problem,
  parseProblem,
  type WireDecision,
  type WireList,
  type WireRequest,
} from "@holdpoint/protocol";
import { type EnvelopeKey, openEnvelope, sealEnvelope } from "@holdpoint/protocol/envelope";
import type { TestDecision } from "./script.js";

/** The control plane refused what a test's operator wanted, for example `ALREADY_DECIDED`. */
export class OperatorRefusedError extends Error {
  override readonly name = "OperatorRefusedError" as const;
  readonly code: string;
  readonly problem: Problem | undefined;

  constructor(status: number, problem: Problem | undefined) {
    super(problem ? `${problem.code}: ${problem.detail}` : `The control plane answered ${status}.`);
    this.code = problem?.code ?? "RESPONSE_INVALID";
    this.problem = problem;
  }
}

/** The person of a test: reads and decides requests over the same wire as the dashboard. */
export class TestOperator {
  readonly #fetch: (path: string, init?: RequestInit) => Promise<Response>;
  readonly #key: EnvelopeKey | undefined;

  constructor(
    fetch: (path: string, init?: RequestInit) => Promise<Response>,
    key: EnvelopeKey | undefined,
  ) {
    this.#fetch = fetch;
    this.#key = key;
  }

  /** Pending requests, oldest first, opened where the operator has the key. */
  async listPending(): Promise<WireRequest[]> {
    const requests: WireRequest[] = [];
    let cursor: string | null = "";
    do {
      const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: WireList<WireRequest> = await this.#call(
        `/v1/requests?status=PENDING&include=payload&limit=100${query}`,
      );
      requests.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return Promise.all(requests.reverse().map((request) => this.#open(request)));
  }

  async load(id: string): Promise<WireRequest> {
    return this.#open(await this.#call<WireRequest>(`/v1/requests/${encodeURIComponent(id)}`));
  }

  async decide(id: string, decision: TestDecision): Promise<WireRequest> {
    const request = await this.#call<WireRequest>(`/v1/requests/${encodeURIComponent(id)}`);
    const body = await this.#compose(request, decision);
    const path = `/v1/requests/${encodeURIComponent(id)}/decision`;
    return this.#open(await this.#call<WireRequest>(path, body));
  }

  async #compose(request: WireRequest, decision: TestDecision): Promise<WireDecision> {
    const { revision } = request;
    const reason = decision.reason === undefined ? {} : { reason: decision.reason };
    if (decision.decision === "reject") return { decision: "reject", revision, ...reason };
    if (decision.patch === undefined) return { decision: "approve", revision, ...reason };
    const patch = await this.#seal(request, decision.patch);
    return { decision: "approve", revision, patched_payload: patch, ...reason };
  }

  async #seal(request: WireRequest, patch: JsonValue) {
    if (!request.encrypted) return patch;
    if (this.#key === undefined) {
      throw new TypeError(
        `${request.id} is encrypted: give createTestControlPlane the same encryptionKey to edit it.`,
      );
    }
    const binding = {
      projectId: request.project_id,
      requestId: request.id,
      field: "patch",
    } as const;
    return sealEnvelope(patch, binding, this.#key);
  }

  async #open(request: WireRequest): Promise<WireRequest> {
    const key = this.#key;
    if (!request.encrypted || key === undefined) return request;
    const opened = async (value: unknown, field: "payload" | "patch") => {
      const binding = { projectId: request.project_id, requestId: request.id, field };
      return openEnvelope(value, binding, [key]);
    };
    const { payload, patched_payload: patch } = request;
    return {
      ...request,
      ...(isEnvelope(payload) && { payload: await opened(payload, "payload") }),
      ...(isEnvelope(patch) && { patched_payload: await opened(patch, "patch") }),
    };
  }

  async #call<Answer>(path: string, body?: unknown): Promise<Answer> {
    const init =
      body === undefined
        ? {}
        : {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          };
    const response = await this.#fetch(path, init);
    const answer: unknown = await response.json();
    if (!response.ok) throw new OperatorRefusedError(response.status, parseProblem(answer));
    return answer as Answer;
  }
}
