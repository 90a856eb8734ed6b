import { hkdfSync } from "node:crypto";
import { type CredentialEpoch, createCredentialEpoch } from "./auth/epoch.js";
import { createLeaseTokens, type LeaseTokens } from "./auth/lease-tokens.js";
import { createProofNonces, type ProofNonces } from "./auth/nonces.js";
import { createSessions, type Sessions } from "./auth/sessions.js";
import { createBlobs } from "./blobs/create.js";
import type { BlobStore } from "./blobs/store.js";
import { type Clock, systemClock } from "./domain/clock.js";
import type { PolicyJudge } from "./domain/policy/question.js";
import { createDrain, type Drain } from "./events/drain.js";
import { createReplicas, type Replicas } from "./events/replicas.js";
import { createWakeups, type Wakeups } from "./events/wakeups.js";
import { createActionRunner } from "./gate/run.js";
import { createRateLimiter, type RateLimiter } from "./http/limits.js";
import { createLogger, type Logger } from "./http/log.js";
import { createMetrics, type Metrics } from "./http/metrics.js";
import type { ControlPlaneOptions } from "./options.js";
import { createGate, type Gate } from "./pipeline/gate/gate.js";
import { createPolicyJudge } from "./pipeline/policy/judge.js";
import { createShield, type Shield } from "./pipeline/shield/shield.js";
import { originOf } from "./receipts/checkpoint.js";
import type { DatabaseStore } from "./store/assemble.js";
import { createPostgresStore } from "./store/postgres.js";
import { createSqliteStore } from "./store/sqlite.js";
import type { Store } from "./store/store.js";
import type { AddressPolicy } from "./webhooks/address.js";
import { createAttempt } from "./webhooks/attempt.js";
import { createSender } from "./webhooks/send.js";
import { createDeliveryWorker, type DeliveryWorker } from "./workers/deliver.js";
import { createEscrowWorker, type EscrowWorker } from "./workers/escrows.js";
import { createExpiryWorker, type ExpiryWorker } from "./workers/expiry.js";
import { createHoldWorker, type HoldWorker } from "./workers/holds.js";
import { createLeaseWorker, type LeaseWorker } from "./workers/leases.js";
import { createPruneWorker, type PruneWorker } from "./workers/prune.js";
import { resolveRetention } from "./workers/retention.js";
import { createSequencer, type Sequencer } from "./workers/sequencer.js";
import { createShieldWorker, type ShieldWorker } from "./workers/shield.js";

/** Every collaborator of one control plane, built once. */
export interface Context {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly leaseTokens: LeaseTokens;
  /** Where proofs have to carry the server's own nonces. */
  readonly proofNonces: ProofNonces | undefined;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly drain: Drain;
  readonly expiry: ExpiryWorker;
  readonly holds: HoldWorker;
  readonly escrows: EscrowWorker;
  readonly leases: LeaseWorker;
  readonly deliveries: DeliveryWorker;
  readonly prune: PruneWorker;
  readonly blobs: BlobStore;
  readonly sequencer: Sequencer;
  readonly policy: PolicyJudge;
  readonly shield: Shield;
  readonly baselines: ShieldWorker;
  readonly gate: Gate;
  readonly webhookPolicy: AddressPolicy;
  /** Whether manifests may ask for private networks. */
  readonly allowPrivateEgress: boolean;
  readonly replicas: Replicas;
  readonly credentialEpoch: CredentialEpoch;
  readonly rateLimiter: RateLimiter;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly metricsToken: string | undefined;
  readonly dashboardDirectory: string | undefined;
  /** Without a slash at the end. Before a port is known, `http://localhost`. */
  publicUrl(): string;
}

/** @param startedUrl - The address we listen on; `undefined` before. */
export async function createContext(
  options: ControlPlaneOptions,
  startedUrl: () => string | undefined,
): Promise<Context> {
  const { storage, masterKey, previousMasterKeys = [] } = options;
  // What may throw comes before the store, which would have to be closed again.
  const rateLimiter = createRateLimiter(options.rateLimits ?? {});
  const log = options.logger ?? createLogger();
  const retention = resolveRetention(options.retention);
  const configuredUrl = options.publicUrl?.replace(/\/+$/, "");
  const publicUrl = () => configuredUrl ?? startedUrl() ?? "http://localhost";
  const clock = options.clock ?? systemClock;
  const blobs = createBlobs(options, clock, publicUrl);
  const store = await openStore(storage, [masterKey, ...previousMasterKeys]);
  const wakeups = createWakeups();
  const metrics = createMetrics();
  const credentialEpoch = createCredentialEpoch();
  const webhookPolicy = { allowLoopback: options.allowLoopbackWebhooks ?? false };
  const sender = createSender({ clock, policy: webhookPolicy });
  const attempt = createAttempt({ store, clock, publicUrl, log, metrics, sender });
  const expiry = createExpiryWorker({ store, clock, wakeups, metrics, log });
  const holds = createHoldWorker({ store, clock, wakeups, metrics, log });
  const escrows = createEscrowWorker({
    store,
    clock,
    wakeups,
    expiry,
    log,
    isShared: store.feed !== undefined,
  });
  const leases = createLeaseWorker({ store, clock, wakeups, metrics, log });
  const deliveries = createDeliveryWorker({ store, clock, wakeups, log, attempt });
  const allowPrivateEgress = options.allowPrivateEgress ?? false;
  const runner = createActionRunner({
    clock,
    secrets: store.secrets,
    modules: store.wasmModules,
    allowPrivateEgress,
    ...(options.secrets !== undefined && { secretSources: options.secrets }),
  });
  const shield = createShield({ store: store.shield, clock, log, metrics });
  const sequencer = createSequencer({
    log: store.log,
    clock,
    wakeups,
    logger: log,
    origin: originOf(publicUrl()),
  });
  return {
    store,
    sessions: createSessions({ database: store.auth, secret: cookieSecret(masterKey), publicUrl }),
    leaseTokens: createLeaseTokens({ store, clock, publicUrl }),
    proofNonces: options.proofNonces === true ? createProofNonces(nonceKey(masterKey)) : undefined,
    clock,
    wakeups,
    drain: createDrain(),
    expiry,
    holds,
    escrows,
    leases,
    prune: createPruneWorker({ store, blobs, clock, log, retention }),
    blobs,
    deliveries,
    policy: createPolicyJudge(store.policies),
    shield,
    baselines: createShieldWorker({
      store: store.shield,
      profiles: shield.profiles,
      clock,
      log,
    }),
    webhookPolicy,
    allowPrivateEgress,
    gate: createGate({ runner, clock }),
    sequencer,
    replicas: createReplicas({
      feed: store.feed,
      clock,
      log,
      wakeups,
      credentialEpoch,
      watch({ type, dueAt }) {
        const worker = type === "request.created" ? expiry : leases;
        worker.watch(dueAt);
      },
      async catchUp() {
        deliveries.wake();
        await Promise.all([expiry.sweep(), holds.sweep(), leases.sweep(), sequencer.flush()]);
        await escrows.sweep();
      },
    }),
    credentialEpoch,
    rateLimiter,
    metrics,
    log,
    metricsToken: options.metricsToken,
    dashboardDirectory: options.dashboardDirectory,
    publicUrl,
  };
}

function openStore(
  storage: ControlPlaneOptions["storage"],
  masterKeys: readonly string[],
): Promise<DatabaseStore> {
  if (storage.kind === "postgres") {
    const { url: connectionString, poolSize } = storage;
    return createPostgresStore({
      connectionString,
      masterKeys,
      ...(poolSize !== undefined && { poolSize }),
    });
  }
  const place = storage.kind === "memory" ? ({ memory: true } as const) : { path: storage.path };
  return createSqliteStore({ storage: place, masterKeys });
}

/** A key of its own for cookies, so that the master key is used for one thing only. */
function cookieSecret(masterKey: string): string {
  return derive(masterKey, "holdpoint.session-cookie.v1").toString("base64url");
}

/** And one for the nonces of proofs. All replicas have the same. */
function nonceKey(masterKey: string): Uint8Array {
  return derive(masterKey, "holdpoint.proof-nonce.v1");
}

function derive(masterKey: string, purpose: string): Buffer {
  const input = Buffer.from(masterKey, "base64url");
  return Buffer.from(hkdfSync("sha256", input, "", purpose, 32));
}
