import type {
  JsonValue,
  WireExecution,
  WireObservation,
  WireReconcile,
  WireRequest,
} from "@holdpoint/protocol";
import { importEnvelopeKey } from "@holdpoint/protocol/envelope";
import { Holdpoint, type HoldpointOptions } from "@holdpoint/sdk";
import { type ControlPlane, createControlPlane } from "@holdpoint/server";
import { TestClock } from "./clock.js";
import { abortable } from "./fetch.js";
import { OperatorRefusedError, TestOperator } from "./operator.js";
import { createDecider, type DecisionScript, type TestDecision } from "./script.js";
import { Arrivals, matches, type RequestMatch } from "./waiting.js";

export interface TestControlPlaneOptions {
  /** Decisions given up front. Default: none, requests stay pending until the test decides. */
  readonly decisions?: DecisionScript;
  /** Where clients think it is; nothing listens there. Default `http://localhost:4747`, as in the SDK. */
  readonly url?: string;
  /**
   * Given to {@link TestControlPlane.client} and to the test's operator, who then reads and edits
   * encrypted requests: 32 bytes as base64url. Default: no encryption.
   */
  readonly encryptionKey?: string;
  /** The agent's name, as the control plane knows it. Default `test-agent`. */
  readonly agent?: string;
}

const SILENT = { info() {}, warn() {}, error() {} };

/** A whole control plane in memory, in this process, without a port. */
export interface TestControlPlane extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  readonly projectId: string;
  /** Calls the control plane in this process; hand it to a client's `fetch` option. */
  readonly fetch: typeof globalThis.fetch;
  readonly clock: {
    /** Milliseconds since the epoch by the control plane's clock. */
    now(): number;
    /**
     * Jumps ahead. Resolves when every request that is now overdue has expired. A run whose lease is
     * over by then reads as `OUTCOME_UNKNOWN`.
     */
    advance(ms: number): Promise<void>;
  };
  /** A client of this control plane. */
  client(options?: HoldpointOptions): Holdpoint;
  /** An API key for another agent. */
  createApiKey(agent: string): Promise<string>;
  /** What waits for a decision at this moment, oldest first. */
  pending(): Promise<WireRequest[]>;
  /** The request as it stands. */
  request(id: string): Promise<WireRequest>;
  /**
   * The oldest pending request, or the next one to come.
   *
   * @param options.timeoutMs - Milliseconds of real time. Default 5_000.
   * @throws {RequestAwaitedError} when none came.
   */
  waitForRequest(
    match?: RequestMatch,
    options?: { readonly timeoutMs?: number },
  ): Promise<WireRequest>;
  /** @throws {OperatorRefusedError} with the control plane's `code`, such as `ALREADY_DECIDED`. */
  decide(id: string, decision: TestDecision): Promise<WireRequest>;
  approve(
    id: string,
    options?: { readonly patch?: JsonValue; readonly reason?: string },
  ): Promise<WireRequest>;
  reject(id: string, options?: { readonly reason?: string }): Promise<WireRequest>;
  /** The run under a request's approval, as it stands; `undefined` while nobody has claimed it. */
  execution(requestId: string): Promise<WireExecution | undefined>;
  /**
   * Every call that agents told of with `observe`, oldest first. Clients send them a second later, or
   * at once with `flush()`.
   */
  observations(): Promise<WireObservation[]>;
  /**
   * Settles, as the operator, a run whose outcome nobody knows.
   *
   * @throws {OperatorRefusedError} `EXECUTION_CLAIMED` while it runs, `EXECUTION_SETTLED` after.
   */
  reconcile(requestId: string, reconciliation: WireReconcile): Promise<WireExecution>;
  /**
   * Ends every held call and forgets everything.
   *
   * @throws whatever a script in `decisions` threw, so that no test passes over it.
   */
  close(): Promise<void>;
}

/**
 * Starts a control plane for one test: the real one, with its real rules, on a database in memory.
 * Time flows as usual and can be moved ahead; there are no rate limits.
 */
export async function createTestControlPlane(
  options: TestControlPlaneOptions = {},
): Promise<TestControlPlane> {
  const url = (options.url ?? "http://localhost:4747").replace(/\/+$/, "");
  const clock = new TestClock();
  const plane = await createControlPlane({
    storage: { kind: "memory" },
    masterKey: drawMasterKey(),
    publicUrl: url,
    rateLimits: false,
    allowLoopbackWebhooks: true,
    clock,
    logger: SILENT,
  });
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "operator@holdpoint.test",
    name: "Test Operator",
    projectName: "Test",
  });
  const { apiKey } = await plane.admin.createApiKey(projectId, {
    agent: options.agent ?? "test-agent",
  });
  const operator = await createOperator(plane, url, { projectId, operatorId, options });
  const arrivals = new Arrivals();
  const script = runScript(options.decisions, operator);

  const fetch = abortable(async (request) => {
    const response = await plane.fetch(request);
    if (isCreation(request, response)) {
      const { id } = (await response.clone().json()) as WireRequest;
      script.answer(id);
      arrivals.announce();
    }
    return response;
  });

  const decide = (id: string, decision: TestDecision) => operator.decide(id, decision);
  const close = async () => {
    const fault = await script.settle();
    await plane.close();
    if (fault !== undefined) throw fault.error;
  };
  return {
    url,
    apiKey,
    projectId,
    fetch,
    clock: {
      now: () => clock.now(),
      async advance(ms) {
        await clock.jump(ms);
        await untilNoneIsOverdue(operator, clock);
      },
    },
    client: (clientOptions) =>
      new Holdpoint({
        apiKey,
        baseUrl: url,
        fetch,
        ...(options.encryptionKey !== undefined && { encryptionKey: options.encryptionKey }),
        ...clientOptions,
      }),
    createApiKey: async (agent) => (await plane.admin.createApiKey(projectId, { agent })).apiKey,
    pending: () => operator.listPending(),
    request: (id) => operator.load(id),
    waitForRequest: (match = {}, { timeoutMs = 5_000 } = {}) =>
      arrivals.waitUntil(
        async () => (await operator.listPending()).find((request) => matches(request, match)),
        timeoutMs,
      ),
    decide,
    approve: (id, details = {}) => decide(id, { decision: "approve", ...details }),
    reject: (id, details = {}) => decide(id, { decision: "reject", ...details }),
    execution: (requestId) => operator.loadExecution(requestId),
    observations: () => operator.listObservations(),
    reconcile: (requestId, reconciliation) => operator.reconcile(requestId, reconciliation),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function createOperator(
  plane: ControlPlane,
  url: string,
  {
    projectId,
    operatorId,
    options,
  }: {
    readonly projectId: string;
    readonly operatorId: string;
    readonly options: TestControlPlaneOptions;
  },
): Promise<TestOperator> {
  const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
  const key =
    options.encryptionKey === undefined
      ? undefined
      : await importEnvelopeKey(options.encryptionKey);
  return new TestOperator((path, init) => {
    const headers = {
      ...(init?.headers as Record<string, string>),
      authorization: `Bearer ${token}`,
    };
    return plane.fetch(new Request(`${url}${path}`, { ...init, headers }));
  }, key);
}

/**
 * Answers one request after another, beside the agent that waits. Where the script throws, its
 * request is rejected, so that the agent does not wait in vain, and `settle` tells the fault.
 */
function runScript(decisions: DecisionScript | undefined, operator: TestOperator) {
  const decideBy = createDecider(decisions);
  let fault: { readonly error: unknown } | undefined;
  let work = Promise.resolve();
  const answer = async (id: string) => {
    const decision = await decideBy(await operator.load(id));
    if (decision !== undefined) await operator.decide(id, decision).catch(unlessAlreadyDecided);
  };
  return {
    answer(id: string) {
      work = work
        .then(() => answer(id))
        .catch(async (error: unknown) => {
          fault ??= { error };
          const reason = "The test's decision script failed.";
          await operator.decide(id, { decision: "reject", reason }).catch(() => {});
        });
    },
    async settle() {
      await work;
      return fault;
    },
  };
}

/** The agent cancelled, or the test decided, before the script came to it. */
function unlessAlreadyDecided(error: unknown): void {
  if (!(error instanceof OperatorRefusedError) || error.code !== "ALREADY_DECIDED") throw error;
}

function isCreation(request: Request, response: Response): boolean {
  return (
    request.method === "POST" &&
    response.status === 201 &&
    new URL(request.url).pathname.endsWith("/v1/requests")
  );
}

async function untilNoneIsOverdue(operator: TestOperator, clock: TestClock): Promise<void> {
  const deadline = AbortSignal.timeout(5_000);
  while (!deadline.aborted) {
    const pending = await operator.listPending();
    if (!pending.some(({ expires_at }) => Date.parse(expires_at) <= clock.now())) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("The control plane did not expire its overdue requests within 5 s.");
}

function drawMasterKey(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}
