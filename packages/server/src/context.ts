import { hkdfSync } from "node:crypto";
import { type CredentialEpoch, createCredentialEpoch } from "./auth/epoch.js";
import { createSessions, type Sessions } from "./auth/sessions.js";
import { type Clock, systemClock } from "./domain/clock.js";
import { createDrain, type Drain } from "./events/drain.js";
import { createWakeups, type Wakeups } from "./events/wakeups.js";
import { createRateLimiter, type RateLimiter } from "./http/limits.js";
import { createLogger, type Logger } from "./http/log.js";
import { createMetrics, type Metrics } from "./http/metrics.js";
import type { ControlPlaneOptions } from "./options.js";
import { createSqliteStore } from "./store/sqlite.js";
import type { Store } from "./store/store.js";
import { createExpiryWorker, type ExpiryWorker } from "./workers/expiry.js";

/** Every collaborator of one control plane, built once. */
export interface Context {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly wakeups: Wakeups;
  readonly drain: Drain;
  readonly expiry: ExpiryWorker;
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
  const store = await createSqliteStore({
    storage: storage.kind === "memory" ? { memory: true } : { path: storage.path },
    masterKeys: [masterKey, ...previousMasterKeys],
  });
  const configuredUrl = options.publicUrl?.replace(/\/+$/, "");
  const publicUrl = () => configuredUrl ?? startedUrl() ?? "http://localhost";
  const clock = options.clock ?? systemClock;
  const wakeups = createWakeups();
  const metrics = createMetrics();
  return {
    store,
    sessions: createSessions({ database: store.auth, secret: cookieSecret(masterKey), publicUrl }),
    clock,
    wakeups,
    drain: createDrain(),
    expiry: createExpiryWorker({ store, clock, wakeups, metrics, log }),
    credentialEpoch: createCredentialEpoch(),
    rateLimiter,
    metrics,
    log,
    metricsToken: options.metricsToken,
    dashboardDirectory: options.dashboardDirectory,
    publicUrl,
  };
}

/** A key of its own for cookies, so that the master key is used for one thing only. */
function cookieSecret(masterKey: string): string {
  const input = Buffer.from(masterKey, "base64url");
  return Buffer.from(hkdfSync("sha256", input, "", "holdpoint.session-cookie.v1", 32)).toString(
    "base64url",
  );
}
