import {
  type Envelope,
  type EnvelopeField,
  isEnvelope,
  type JsonValue,
  type Problem,
  parseProblem,
  type WireDecision,
  type WireExecution,
  type WireList,
  type WireObservation,
  type WireReconcile,
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
    const requests = await this.#listAll<WireRequest>(
      "/v1/requests?status=PENDING&include=payload&limit=100",
    );
    return Promise.all(requests.reverse().map((request) => this.#open(request)));
  }

  /** Oldest first. */
  async listObservations(): Promise<WireObservation[]> {
    return (await this.#listAll<WireObservation>("/v1/observations?limit=100")).reverse();
  }

  async load(id: string): Promise<WireRequest> {
    return this.#open(await this.#call<WireRequest>(pathOf(id)));
  }

  async decide(id: string, decision: TestDecision): Promise<WireRequest> {
    const request = await this.#call<WireRequest>(pathOf(id));
    const body = await this.#compose(request, decision);
    const path = `${pathOf(id)}/decision`;
    return this.#open(await this.#call<WireRequest>(path, body));
  }

  async loadExecution(requestId: string): Promise<WireExecution | undefined> {
    const { execution, project_id } = await this.#call<WireRequest>(pathOf(requestId));
    if (execution.id === undefined) return undefined;
    return this.#openExecution(project_id, await this.#call(`/v1/executions/${execution.id}`));
  }

  async reconcile(requestId: string, given: WireReconcile): Promise<WireExecution> {
    const request = await this.#call<WireRequest>(pathOf(requestId));
    const { id } = request.execution;
    if (id === undefined) throw new TypeError(`${requestId} has not been claimed: nothing ran.`);
    const body = {
      ...given,
      evidence: await this.#seal(request, given.evidence, "evidence"),
      ...(given.result !== undefined && {
        result: await this.#seal(request, given.result, "result"),
      }),
      ...(given.error !== undefined && { error: await this.#seal(request, given.error, "error") }),
    };
    const settled = await this.#call<WireExecution>(`/v1/executions/${id}/reconcile`, body);
    return this.#openExecution(request.project_id, settled);
  }

  async #openExecution(projectId: string, execution: WireExecution): Promise<WireExecution> {
    const key = this.#key;
    if (key === undefined) return execution;
    const { request_id: requestId } = execution;
    const opened: [string, JsonValue][] = [];
    for (const field of ["result", "error", "evidence"] as const) {
      const value = execution[field];
      if (!isEnvelope(value)) continue;
      opened.push([field, await openEnvelope(value, { projectId, requestId, field }, [key])]);
    }
    return { ...execution, ...Object.fromEntries(opened) };
  }

  async #compose(request: WireRequest, decision: TestDecision): Promise<WireDecision> {
    const { revision } = request;
    const reason = decision.reason === undefined ? {} : { reason: decision.reason };
    if (decision.decision === "reject") return { decision: "reject", revision, ...reason };
    if (decision.patch === undefined) return { decision: "approve", revision, ...reason };
    const patch = await this.#seal(request, decision.patch, "patch");
    return { decision: "approve", revision, patched_payload: patch, ...reason };
  }

  async #seal(request: WireRequest, value: JsonValue | Envelope, field: EnvelopeField) {
    if (!request.encrypted) return value;
    if (this.#key === undefined) {
      throw new TypeError(
        `${request.id} is encrypted: give createTestControlPlane the same encryptionKey to change it.`,
      );
    }
    const binding = { projectId: request.project_id, requestId: request.id, field };
    return { ...(await sealEnvelope(value as JsonValue, binding, this.#key)) };
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

  /** Every page of a list. */
  async #listAll<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = "";
    do {
      const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: WireList<Item> = await this.#call(`${path}${query}`);
      items.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return items;
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

function pathOf(requestId: string): string {
  return `/v1/requests/${encodeURIComponent(requestId)}`;
}
