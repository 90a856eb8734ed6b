import type { RequestEventType, WebhookDeliveryStatus } from "@holdpoint/protocol";
import type { Page } from "../store.js";

/** Where a project's events go. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly projectId: string;
  readonly url: string;
  readonly description?: string;
  /** Absent: every type. */
  readonly eventTypes?: readonly RequestEventType[];
  readonly enabled: boolean;
  readonly createdAt: number;
  /** Newest first. The second signs too until it expires. */
  readonly secrets: readonly { readonly hint: string; readonly expiresAt?: number }[];
}

/** A secret in clear (`whsec_…`) and what of it may be shown. */
export interface WebhookSecret {
  readonly text: string;
  readonly hint: string;
}

/** What is absent stays as it is; `null` takes it away. */
export interface WebhookEndpointChange {
  readonly url?: string;
  readonly description?: string | null;
  readonly eventTypes?: readonly RequestEventType[] | null;
  readonly enabled?: boolean;
}

/** What sending to an endpoint takes. */
export interface WebhookTarget {
  readonly url: string;
  /** In clear, newest first. */
  readonly secrets: readonly string[];
}

export interface WebhookEndpointStore {
  /** Insert or same: an id that is there answers as it stands. `full`: the project has `limit`. */
  create(
    endpoint: Omit<WebhookEndpoint, "secrets">,
    secret: WebhookSecret,
    limit: number,
  ): Promise<WebhookEndpoint | "full">;
  /** Newest first. */
  list(projectId: string): Promise<readonly WebhookEndpoint[]>;
  find(projectId: string, endpointId: string): Promise<WebhookEndpoint | undefined>;
  change(
    projectId: string,
    endpointId: string,
    change: WebhookEndpointChange,
  ): Promise<WebhookEndpoint | undefined>;
  /**
   * Forgets an endpoint and its secrets; what is on its way there ends as `DEAD`. `false`: no such
   * endpoint.
   */
  remove(projectId: string, endpointId: string, at: number): Promise<boolean>;
  /**
   * Makes `secret` the newest; the one before it signs until `previousExpiresAt`. Nothing changes
   * where it is the newest already.
   */
  rotateSecret(
    projectId: string,
    endpointId: string,
    secret: WebhookSecret,
    times: { readonly at: number; readonly previousExpiresAt: number },
  ): Promise<WebhookEndpoint | undefined>;
  /** `undefined`: gone or disabled. */
  loadTarget(endpointId: string, now: number): Promise<WebhookTarget | undefined>;
}

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  readonly id: string;
  readonly projectId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: RequestEventType | "webhook.test";
  /** Absent for a test. */
  readonly requestId?: string;
  readonly status: WebhookDeliveryStatus;
  readonly attempts: number;
  readonly createdAt: number;
  readonly nextAttemptAt?: number;
  readonly deliveredAt?: number;
  readonly lastStatus?: number;
  readonly lastError?: string;
  readonly lastAttemptAt?: number;
}

/** A delivery that one worker may send now. */
export interface LeasedDelivery extends WebhookDelivery {
  /** Counts up with every lease; only the newest may settle. */
  readonly fence: number;
}

/** How an attempt ended. A status that came, or a word for what failed before there was one. */
export interface AttemptOutcome {
  readonly status?: number;
  readonly error?: string;
  /** `retry` at a time; `gone`: dead, and its endpoint is disabled. */
  readonly next:
    | { readonly kind: "delivered"; readonly at: number }
    | { readonly kind: "retry"; readonly at: number }
    | { readonly kind: "dead" | "gone" };
}

export interface WebhookDeliveryQuery {
  readonly endpointId?: string;
  readonly status?: WebhookDeliveryStatus;
  readonly limit: number;
  readonly cursor?: string;
}

export interface WebhookDeliveryStore {
  /** Newest first. */
  list(projectId: string, query: WebhookDeliveryQuery): Promise<Page<WebhookDelivery>>;
  /** Insert or same: puts a test on its way, due at once. `undefined`: the endpoint is gone or disabled. */
  addTest(
    projectId: string,
    endpointId: string,
    test: { readonly id: string; readonly eventId: string; readonly at: number },
  ): Promise<WebhookDelivery | undefined>;
  /**
   * Makes a delivery due again, its attempts counted anew, whatever its status. `disabled`: its
   * endpoint is gone or disabled.
   */
  replay(
    projectId: string,
    deliveryId: string,
    at: number,
  ): Promise<WebhookDelivery | "disabled" | undefined>;
  /** Enabled endpoints, of all projects, with something due. */
  dueEndpoints(now: number): Promise<readonly string[]>;
  /**
   * Takes up to `limit` due deliveries of an endpoint, oldest first, for one worker until `until`:
   * then they are due again, in case it has died.
   */
  lease(
    endpointId: string,
    now: number,
    until: number,
    limit: number,
  ): Promise<readonly LeasedDelivery[]>;
  /** Records an attempt. `false`: somebody else has taken the delivery since, and nothing changed. */
  settle(lease: LeasedDelivery, outcome: AttemptOutcome): Promise<boolean>;
  /** When the next delivery to an enabled endpoint is due. */
  nextDue(): Promise<number | undefined>;
  /**
   * Deletes up to `limit`, of all projects, that have ended and were made before `before`; how many
   * it was.
   */
  prune(before: number, limit: number): Promise<number>;
  /** Whether the last event of this project written here had anywhere to go. No query. */
  expects(projectId: string): boolean;
}
