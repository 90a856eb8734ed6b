import type { ApiKeyScope, Priority, RequestStatus, WireEvent } from "@holdpoint/protocol";
import type { NewRequest, Request, Resolution } from "../domain/request.js";
import type { ActionStore, SecretStore, WasmModuleStore } from "./verbs/actions.js";
import type { BudgetStore } from "./verbs/budgets.js";
import type { AgentKeyStore, EscrowStore } from "./verbs/escrows.js";
import type { ExecutionStore } from "./verbs/executions.js";
import type { GateCallStore } from "./verbs/gate-calls.js";
import type { IdempotencyStore } from "./verbs/idempotency.js";
import type { AgentIdentityStore, AgentLimitStore } from "./verbs/identities.js";
import type { AuthorityStore, LeaseStore, ProofStore } from "./verbs/leases.js";
import type { LogStore } from "./verbs/log.js";
import type { OrganisationStore } from "./verbs/organisations.js";
import type { PolicyStore } from "./verbs/policies.js";
import type { PurchaseStore } from "./verbs/purchases.js";
import type { ReceiptStore } from "./verbs/receipts.js";
import type { RecordStore } from "./verbs/records.js";
import type { ShieldStore } from "./verbs/shield.js";
import type { SigningKeyStore } from "./verbs/signing-keys.js";
import type { KillSwitchStore, SpendPolicyStore } from "./verbs/spend-limits.js";
import type { RetentionStore, StateStore } from "./verbs/states.js";
import type { WebhookDeliveryStore, WebhookEndpointStore } from "./verbs/webhooks.js";

/**
 * What the control plane keeps, as verbs of the domain. Every verb takes the project it acts in,
 * is one transaction, and writes the event rows of what it changed in that same transaction.
 * An answer means durable: it is there after `kill -9`.
 *
 * Times are milliseconds since the epoch. Nothing here reads a clock.
 */
export interface Store extends AsyncDisposable {
  readonly requests: RequestStore;
  readonly events: EventStore;
  readonly executions: ExecutionStore;
  readonly idempotency: IdempotencyStore;
  readonly projects: ProjectStore;
  readonly agents: AgentStore;
  readonly agentLimits: AgentLimitStore;
  readonly agentIdentities: AgentIdentityStore;
  readonly leases: LeaseStore;
  readonly proofs: ProofStore;
  readonly authority: AuthorityStore;
  readonly apiKeys: ApiKeyStore;
  readonly operators: OperatorStore;
  readonly operatorTokens: OperatorTokenStore;
  readonly webhookEndpoints: WebhookEndpointStore;
  readonly webhookDeliveries: WebhookDeliveryStore;
  readonly states: StateStore;
  readonly retention: RetentionStore;
  readonly records: RecordStore;
  readonly shield: ShieldStore;
  readonly purchases: PurchaseStore;
  readonly agentKeys: AgentKeyStore;
  readonly escrows: EscrowStore;
  readonly spendPolicies: SpendPolicyStore;
  readonly killSwitches: KillSwitchStore;
  readonly budgets: BudgetStore;
  readonly organisations: OrganisationStore;
  readonly actions: ActionStore;
  readonly secrets: SecretStore;
  readonly wasmModules: WasmModuleStore;
  readonly gateCalls: GateCallStore;
  readonly policies: PolicyStore;
  readonly receipts: ReceiptStore;
  readonly signingKeys: SigningKeyStore;
  readonly log: LogStore;
  /** Reads and writes one row; rejects when the database cannot be used. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface RequestStore {
  /**
   * Makes a request, once per id; with a resolution, one that is decided. `replayed`: the same agent sent the same digest before.
   * `conflict`: the id is taken by anything else, in this project or another. `no_state`: it names
   * a state that this agent has not, and nothing was made.
   */
  create(
    request: NewRequest,
    resolution?: Resolution,
  ): Promise<
    | { readonly outcome: "created" | "replayed"; readonly request: Request }
    | { readonly outcome: "conflict" | "no_state" }
  >;
  /**
   * Who has a request's id by now: the same request, as `create` tells a replay, or anything else. Only
   * `create` decides, for others may come first.
   */
  takenBy(
    request: Pick<NewRequest, "id" | "projectId" | "agent" | "digest">,
  ): Promise<"nobody" | "itself" | "another">;
  find(projectId: string, requestId: string): Promise<Request | undefined>;
  /** Without `includePayload`, `payload`, `patchedPayload` and `diffSummary` are not even decrypted. */
  list(projectId: string, query: RequestQuery): Promise<Page<ListedRequest>>;
  /**
   * Moves a request out of `PENDING` by compare-and-set on its revision. `lost` carries the request
   * as it stands; `undefined`: no such request. At and after its expiry a request is lost to any
   * status but `EXPIRED`, before it to that one. `endorsed`: it has a quorum, this approval counts
   * (once per operator) and others have to follow; it stays as it is.
   */
  resolve(
    projectId: string,
    requestId: string,
    revision: number,
    resolution: Resolution,
  ): Promise<
    { readonly outcome: "resolved" | "endorsed" | "lost"; readonly request: Request } | undefined
  >;
  /**
   * Expires up to `limit` pending requests, of all projects, whose time has come. Nothing sealed is
   * opened, so that one unreadable row cannot keep the others from expiring.
   */
  expireDue(now: number, limit: number): Promise<readonly ListedRequest[]>;
  /** When the next pending request of any project expires. */
  nextExpiry(): Promise<number | undefined>;
}

/** A request in a list: whole with `includePayload`, else without what is sealed or large. */
export type ListedRequest = Omit<Request, "payload"> & Partial<Pick<Request, "payload">>;

export interface RequestQuery {
  readonly statuses?: readonly RequestStatus[];
  readonly priorities?: readonly Priority[];
  readonly service?: string;
  readonly action?: string;
  readonly role?: string;
  readonly environment?: string;
  readonly runId?: string;
  readonly agentId?: string;
  /**
   * Part of the id, service, action, agent's name or decider's name, letter case ignored. A page
   * looks through 10,000 requests at most: it may be short, even empty, and still have a next one.
   */
  readonly search?: string;
  readonly order: "newest" | "triage";
  readonly includePayload: boolean;
  readonly limit: number;
  /** Opaque, from {@link Page.nextCursor}. A malformed one throws `InvalidCursorError`. */
  readonly cursor?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** An event and its place in the order of commits. */
export interface StoredEvent extends WireEvent {
  readonly sequence: number;
  readonly projectId: string;
  readonly agentId: string;
}

export interface EventStore {
  /** The history of one request, oldest first. */
  listForRequest(projectId: string, requestId: string): Promise<readonly StoredEvent[]>;
  /** Events of a project after `sequence`, oldest first. */
  listAfter(projectId: string, sequence: number, limit: number): Promise<readonly StoredEvent[]>;
  /** The sequence of the newest event of a project, 0 when there is none. */
  latestSequence(projectId: string): Promise<number>;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface ProjectStore {
  /** Makes a project with its first admin, once per id. */
  create(project: Project, adminOperatorId: string): Promise<void>;
  /** The same, unless this operator belongs to a project already: then its oldest, as it is. */
  ensureFirst(
    project: Project,
    adminOperatorId: string,
  ): Promise<{ readonly projectId: string; readonly created: boolean }>;
  find(projectId: string): Promise<Project | undefined>;
  count(): Promise<number>;
}

export interface Agent {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface AgentStore {
  list(projectId: string): Promise<readonly Agent[]>;
  find(projectId: string, agentId: string): Promise<Agent | undefined>;
}

export interface ApiKey {
  readonly id: string;
  readonly projectId: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly hint: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
  readonly revokedAt?: number;
}

export interface ApiKeyStore {
  /**
   * Keeps a key by the SHA-256 of its text, once per id: made again, it answers the key there is.
   * The agent is found by `agentName`, or made with `newAgentId`.
   */
  create(
    key: Omit<ApiKey, "agent"> & {
      readonly secretHash: string;
      readonly agentName: string;
      readonly newAgentId: string;
    },
  ): Promise<ApiKey>;
  list(projectId: string): Promise<readonly ApiKey[]>;
  /** By hash, whatever its state: the caller checks revocation and expiry. */
  findByHash(secretHash: string): Promise<ApiKey | undefined>;
  /** Idempotent; `undefined`: no such key in this project. */
  revoke(projectId: string, keyId: string, at: number): Promise<ApiKey | undefined>;
  /** Best effort, not waited for: at most one write per key and minute. */
  touch(keyId: string, at: number): Promise<void>;
}

export interface Operator {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface Membership {
  readonly operator: Operator;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly createdAt: number;
}

/** Operators are the users of the sign-in tables; roles are kept per project. */
export interface OperatorStore {
  /**
   * Finds the operator by e-mail address (case ignored) or makes it, and gives it these roles in
   * the project. One who is a member already keeps the roles it has: see `changeRoles`.
   */
  invite(
    projectId: string,
    operator: Operator,
    roles: readonly string[],
    at: number,
  ): Promise<Membership>;
  /** Finds or makes an operator without any project. */
  ensure(operator: Operator): Promise<Operator>;
  find(operatorId: string): Promise<Operator | undefined>;
  list(projectId: string): Promise<readonly Membership[]>;
  /** Every project an operator belongs to, with its roles there. */
  listMemberships(
    operatorId: string,
  ): Promise<readonly (Membership & { readonly project: Project })[]>;
  /** `last_admin`: refused, since nobody could give roles any more. */
  changeRoles(
    projectId: string,
    operatorId: string,
    roles: readonly string[],
  ): Promise<Membership | "last_admin" | undefined>;
  /** Takes an operator out of a project and revokes its tokens there. */
  remove(
    projectId: string,
    operatorId: string,
    at: number,
  ): Promise<"removed" | "last_admin" | undefined>;
}

export interface OperatorToken {
  readonly id: string;
  readonly projectId: string;
  readonly operatorId: string;
  readonly name: string;
  readonly hint: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
  readonly revokedAt?: number;
}

export interface OperatorTokenStore {
  /** Once per id: made again, it answers the token there is. */
  create(token: OperatorToken & { readonly secretHash: string }): Promise<OperatorToken>;
  list(projectId: string, operatorId: string): Promise<readonly OperatorToken[]>;
  findByHash(secretHash: string): Promise<OperatorToken | undefined>;
  revoke(
    projectId: string,
    operatorId: string,
    tokenId: string,
    at: number,
  ): Promise<OperatorToken | undefined>;
  touch(tokenId: string, at: number): Promise<void>;
}
