import type { BlobOptions } from "./blobs/create.js";
import type { Clock } from "./domain/clock.js";
import type { SecretSources } from "./gate/secrets/resolve.js";
import type { RateLimits } from "./http/limits.js";
import type { Logger } from "./http/log.js";
import type { Retention } from "./workers/retention.js";

export interface ControlPlaneOptions {
  /**
   * The embedded database, as a file, made when absent, or nothing but memory; or PostgreSQL 14 or
   * later at `postgres://user:password@host:port/database`, which any number of control planes share.
   */
  readonly storage:
    | { readonly kind: "sqlite"; readonly path: string }
    | {
        readonly kind: "postgres";
        readonly url: string;
        /** Connections at a time, 2 or more. Default 10; one more listens for changes. */
        readonly poolSize?: number;
      }
    | { readonly kind: "memory" };
  /** Where parked states are kept. Default: the folder `blobs` beside the database file, or memory; none with PostgreSQL. */
  readonly blobs?: BlobOptions;
  /** When what has been said is deleted. Default: see {@link Retention}. */
  readonly retention?: Retention;
  /** 32 bytes as base64url. Encrypts at rest, and signs session cookies. */
  readonly masterKey: string;
  /** Every earlier master key the database was written with. Default none. */
  readonly previousMasterKeys?: readonly string[];
  /** Where people reach the dashboard. Default `http://localhost:<port>` once started. */
  readonly publicUrl?: string;
  /** Folder of the built dashboard. Default none: no pages are served. */
  readonly dashboardDirectory?: string;
  /** Calls per minute; `false` turns the limits off. Default: see {@link RateLimits}. */
  readonly rateLimits?: RateLimits | false;
  /** Asked for as a bearer token by `/metrics`. Default none: everybody may read it. */
  readonly metricsToken?: string;
  /**
   * Lets webhooks go to this machine, over http too, which an operator could use to reach what only
   * this machine may: for development and tests. Default false.
   */
  readonly allowLoopbackWebhooks?: boolean;
  /**
   * Lets manifests with `allow_private` be registered, and reach this machine and private networks,
   * over http too: for development and tests. Default false.
   */
  readonly allowPrivateEgress?: boolean;
  /**
   * Secrets that actions may take from the environment or from files, beside those the control plane
   * keeps: any project's manifests may name them. Default none.
   */
  readonly secrets?: SecretSources;
  /**
   * Whether proofs of possession have to carry a nonce of the server's (RFC 9449 §8), which costs a
   * client one more call a minute, and makes proofs that somebody has made ahead worthless. Default
   * false.
   */
  readonly proofNonces?: boolean;
  /**
   * Default the system's clock. Sign-in links, sessions and the timestamps of webhooks always go by
   * the system's.
   */
  readonly clock?: Clock;
  /** Default JSON lines on stderr. */
  readonly logger?: Logger;
}
