import type { JsonValue, Priority } from "@holdpoint/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Cipher } from "./encryption/cipher.js";
import type { Executions } from "./executions/options.js";
import { leaseHolder, loadGate } from "./gate/load.js";
import type { Gate } from "./gate/options.js";
import type { GuardedAction, GuardedFunction, GuardOptions } from "./guard/options.js";
import { type ClientParts, loadLate } from "./late.js";
import type { CorrectionsOptions } from "./lookups/corrections.js";
import { Observer } from "./observations/observer.js";
import type { FlushOptions, FlushResult, ObservedCall } from "./observations/options.js";
import { type HoldpointOptions, resolveOptions } from "./options.js";
import type { Receipts } from "./receipts/options.js";
import type { Records } from "./records/options.js";
import type { Decision } from "./requests/decision.js";
import type {
  AskOptions,
  CallOptions,
  JsonSchema,
  PayloadOf,
  RequestOptions,
  WaitOptions,
} from "./requests/options.js";
import type { Requests } from "./requests/requests.js";
import { loadSpend } from "./spend/load.js";
import type { Spend } from "./spend/options.js";
import { loadStates } from "./states/late.js";
import type { States } from "./states/options.js";
import type { HoldpointTool } from "./tool/tool.js";
import { throwIfAborted } from "./transport/abort.js";
import { bearerOf } from "./transport/authorizer.js";
import { Transport } from "./transport/transport.js";
import type { Correction } from "./views/correction.js";
import type { Identity } from "./views/identity.js";
import { loadWebhooks } from "./webhooks/load.js";
import type { Webhooks } from "./webhooks/options.js";

/** Where a deferred request is found again. */
export interface DeferredRequest {
  /** Pass to {@link Holdpoint.wait}, in this process or another. */
  readonly id: string;
  /** Where a person decides it. */
  readonly url: string;
}

/**
 * The client: puts an action before a person and comes back with the answer.
 *
 * Runs wherever there is `fetch` and WebCrypto. Writes into no object it is given.
 */
export class Holdpoint {
  /** This agent's requests as they stand. */
  readonly requests: Requests;
  /** The runs of what was approved, step by step; {@link Holdpoint.guard} does it for you. */
  readonly executions: Executions;
  /** Signed evidence of what happened, to read and to verify. */
  readonly receipts: Receipts;

  /** An agent's memory, put aside while a person decides. */
  readonly states: States;

  /** What an agent keeps under names of its own, in their order. */
  readonly records: Records;

  /** Money: reserved before it is spent, within what policies, budgets and people allow. */
  readonly spend: Spend;

  /** Actions that the control plane runs, with credentials the agent never sees. */
  readonly gate: Gate;

  /** What the control plane posts to this program. */
  readonly webhooks: Webhooks;

  readonly #parts: ClientParts;
  readonly #observer: Observer;

  /**
   * @throws {ConfigurationError} `CONFIGURATION_INVALID`: an option is missing or out of bounds.
   * @throws {EncryptionError} `ENCRYPTION_KEY_INVALID`: not 32 bytes as base64url.
   */
  constructor(given: HoldpointOptions = {}) {
    const options = resolveOptions(given);
    const cipher = new Cipher(options.projectId, options.encryptionKeys);
    const authorizer =
      options.agentKey === undefined ? bearerOf(options.apiKey) : leaseHolder(() => parts);
    const parts: ClientParts = {
      options,
      transport: new Transport(options, authorizer),
      cipher,
      settleObserved: (signal) => this.#observer.settle(signal),
    };
    this.#parts = parts;
    this.requests = loadLate<Requests>(["get", "list", "cancel"], async () =>
      (await import("./lookups/index.js")).createRequests(parts),
    );
    this.webhooks = loadWebhooks(parts);
    this.executions = loadLate<Executions>(
      ["claim", "renew", "commit", "fail", "reconcile", "get"],
      async () => (await import("./executions/index.js")).createExecutions(parts),
    );
    this.states = loadStates(parts);
    this.receipts = loadLate<Receipts>(["get", "verify"], async () =>
      (await import("./receipts/index.js")).createReceipts(parts),
    );
    this.records = loadLate<Records>(["put", "get", "list", "delete"], async () =>
      (await import("./records/index.js")).createRecords(parts),
    );
    this.spend = loadSpend(parts);
    this.gate = loadGate(parts);
    this.#observer = new Observer(parts);
  }

  /**
   * Asks a person and waits for the answer.
   *
   * A rejection, expiry or cancellation is an answer, not an error: it resolves with
   * `approved: false`. Nothing but `approved: true` means that `approvedPayload` may run.
   *
   * @throws {ValidationError} The options, payload, schema or edit are not usable.
   * @throws {AuthenticationError} The API key is not accepted.
   * @throws {ConnectionError} The control plane could not be reached to make the request.
   * @throws {DecryptionError} The answer does not open: treat as not approved.
   * @throws {WaitTimeoutError} `WAIT_TIMEOUT`: the control plane was away past the expiry.
   * @throws `signal.reason`, unchanged, when aborted. The request stays open unless
   *   `cancelOnAbort` is set.
   */
  ask<Schema extends StandardSchemaV1>(
    options: RequestOptions<PayloadOf<Schema>, Schema> & { readonly schema: Schema },
    call?: AskOptions,
  ): Promise<Decision<PayloadOf<Schema>>>;
  ask<Payload>(
    options: RequestOptions<Payload, JsonSchema>,
    call?: AskOptions,
  ): Promise<Decision<Payload>>;
  async ask(options: RequestOptions<unknown>, call: AskOptions = {}): Promise<Decision<unknown>> {
    this.#throwIfAborted(call);
    return (await import("./requests/index.js")).ask(this.#parts, options, call);
  }

  /**
   * Asks a person and returns at once. Safe to repeat with the same `id`.
   *
   * @throws As {@link Holdpoint.ask} does before it waits.
   */
  defer<Schema extends StandardSchemaV1>(
    options: RequestOptions<PayloadOf<Schema>, Schema> & { readonly schema: Schema },
    call?: CallOptions,
  ): Promise<DeferredRequest>;
  defer<Payload>(
    options: RequestOptions<Payload, JsonSchema>,
    call?: CallOptions,
  ): Promise<DeferredRequest>;
  async defer(options: RequestOptions<unknown>, call: CallOptions = {}): Promise<DeferredRequest> {
    this.#throwIfAborted(call);
    return (await import("./requests/index.js")).defer(this.#parts, options, call);
  }

  /**
   * Waits until a request is decided or the deadline passes, in this process or another.
   *
   * The request stays open on the server when waiting ends early, unless `cancelOnTimeout` or
   * `cancelOnAbort` is set. When a person decides while it is being cancelled on timeout, their
   * decision is returned.
   *
   * @param id - Request id (`req_…`) as returned by {@link Holdpoint.defer}.
   * @throws {WaitTimeoutError} `WAIT_TIMEOUT`: deadline passed; call again with the same id.
   * @throws {NotFoundError} `REQUEST_NOT_FOUND`: no such request of this agent; do not retry.
   * @throws {DecryptionError} The answer does not open: treat as not approved.
   * @throws {ConnectionError} The control plane has never answered. Once it has, outages are
   *   waited out.
   * @throws `signal.reason`, unchanged, when aborted.
   */
  wait<Schema extends StandardSchemaV1>(
    id: string,
    options: WaitOptions<Schema> & { readonly schema: Schema },
  ): Promise<Decision<PayloadOf<Schema>>>;
  wait<Payload = JsonValue>(
    id: string,
    options?: WaitOptions<JsonSchema>,
  ): Promise<Decision<Payload>>;
  async wait(id: string, options: WaitOptions = {}): Promise<Decision<unknown>> {
    this.#throwIfAborted(options);
    return (await import("./requests/index.js")).wait(this.#parts, id, options);
  }

  /**
   * Wraps a function so that it runs once, and only as a person has approved it.
   *
   * The wrapped function asks, waits, claims the one-use grant, runs `action` with the approved
   * (perhaps edited) arguments and records how it ended. Called again for the same key, or run and
   * tool call, in this process or another, it finds all that: a result on record is returned and
   * nothing runs twice.
   *
   * The wrapped function throws, beside what `ask` throws and what `action` throws:
   * {@link ApprovalRejectedError}, {@link ExecutionFailedError}, {@link OutcomeUnknownError},
   * {@link IdempotencyConflictError}, {@link GrantError}.
   */
  guard<Schema extends StandardSchemaV1, Result>(
    options: GuardOptions<PayloadOf<Schema>, Schema> & { readonly schema: Schema },
    action: GuardedAction<PayloadOf<Schema>, Result>,
  ): GuardedFunction<PayloadOf<Schema>, Awaited<Result>>;
  guard<Args, Result>(
    options: GuardOptions<Args, JsonSchema>,
    action: GuardedAction<Args, Result>,
  ): GuardedFunction<Args, Awaited<Result>>;
  guard(
    options: GuardOptions<unknown>,
    action: GuardedAction<unknown, unknown>,
  ): GuardedFunction<unknown, unknown> {
    const parts = this.#parts;
    return async (args, call = {}) => {
      this.#throwIfAborted(call);
      const { runGuarded } = await import("./guard/index.js");
      return runGuarded({ parts, options, args, call }, action);
    };
  }

  /**
   * A function for models that read text: it asks a person about `context` and answers with
   * `APPROVED …`, `STOP …` or `ERROR …`, each enough to act on alone. Throws only on abort.
   *
   * @param priority - Default `medium`.
   */
  tool(service: string, action: string, priority?: Priority): HoldpointTool {
    const { signal } = this.#parts.options;
    const ask = (options: RequestOptions<unknown, JsonSchema>, call: CallOptions) =>
      this.ask(options, call);
    return async (context, call = {}) => {
      const { callTool } = await import("./tool/index.js");
      return callTool(ask, { service, action, priority, signal }, context, call);
    };
  }

  /**
   * Tells the control plane of a harmless call, so that the shield learns what is usual.
   *
   * Never throws and never waits: the call is put in a buffer of 1,000 and sent later, in batches.
   * Of the payload only hashes are sent: one of its keys and types, and one under a key that never
   * leaves this process, by which the same arguments are known again. What is not usable, or too much
   * while the control plane is out of reach, is dropped and counted.
   *
   * What waits is sent before this client asks, buys or executes something, so that the order is kept;
   * that waits for it one second at most. Before a short-lived program ends, call
   * {@link Holdpoint.flush}.
   */
  observe(call: ObservedCall): void {
    this.#observer.observe(call);
  }

  /**
   * Sends at once what was observed, and waits until all of it is sent or the time is up. Does not
   * throw for what cannot be sent: `pending` and `dropped` say it.
   *
   * @throws `signal.reason`, unchanged, when aborted; what was observed is still sent later.
   */
  flush(options: FlushOptions = {}): Promise<FlushResult> {
    return this.#observer.flush(options);
  }

  /**
   * Recent edits that people made to requests of this kind, newest first: to put before the model,
   * so that it asks better next time.
   *
   * With an encryption key set, requests that do not open with it are left out.
   */
  async corrections(options: CorrectionsOptions): Promise<readonly Correction[]> {
    return (await import("./lookups/index.js")).fetchCorrections(this.#parts, options);
  }

  /** Who the control plane takes this client for: the quickest check that URL and key are right. */
  async me(call: CallOptions = {}): Promise<Identity> {
    return (await import("./lookups/index.js")).fetchIdentity(this.#parts, call);
  }
  /** At once: what is aborted while the code is loaded has been begun, and may be cancelled. */
  #throwIfAborted({ signal }: CallOptions): void {
    throwIfAborted([signal, this.#parts.options.signal]);
  }
}
