import type { Server } from "node:http";
import type { ApiKeyScope } from "@holdpoint/protocol";
import { createContext } from "./context.js";
import { assertFound } from "./domain/found.js";
import { createApp } from "./http/app.js";
import { listen, listenOnSocket, shut } from "./http/listen.js";
import { DEFAULT_SOCKET_MODE } from "./http/socket.js";
import type { ControlPlaneOptions } from "./options.js";
import { createApiKey } from "./pipeline/accounts/api-key.js";
import { type BootstrapOptions, bootstrap } from "./pipeline/accounts/bootstrap.js";
import { createOperatorToken } from "./pipeline/accounts/operator-token.js";
import { createSignInLink } from "./pipeline/accounts/sign-in-link.js";
import { rotateCurrentKey } from "./pipeline/accounts/signing-key.js";
import type { SigningPurpose } from "./receipts/signing-key.js";

/** A running control plane. */
export interface ControlPlane extends AsyncDisposable {
  /** Answers a request without any port: the whole app. */
  fetch(request: Request): Promise<Response>;
  /**
   * Listens, on a port, a Unix socket or both.
   *
   * @throws {TypeError} when it has been started or closed before, or is to listen nowhere.
   * @throws what listening throws, for example `EADDRINUSE`.
   */
  start(
    options: ListenOptions & { readonly port: number },
  ): Promise<{ readonly url: string; readonly port: number }>;
  start(options: ListenOptions): Promise<{ readonly url: string; readonly port?: number }>;
  /** Answers what is held, stops listening, closes the database. Calling it again does nothing. */
  close(): Promise<void>;
  readonly admin: Admin;
}

export interface ListenOptions {
  /** 0 takes any that is free. Default: no port. */
  readonly port?: number;
  /** Default `127.0.0.1`: this machine only. */
  readonly hostname?: string;
  /**
   * A Unix socket, whose URL is `http://localhost`. What a dead server has left there is replaced.
   * Default none.
   */
  readonly socketPath?: string;
  /** Who may connect to it, as file permissions. Default `0o600`: who runs the server. */
  readonly socketMode?: number;
}

/** For whoever holds the process, not over HTTP. */
export interface Admin {
  /** Makes the first project and its admin; does nothing when the admin has a project. */
  bootstrap(options: BootstrapOptions): Promise<{
    readonly projectId: string;
    readonly operatorId: string;
    readonly created: boolean;
  }>;
  createApiKey(
    projectId: string,
    options: { readonly agent: string; readonly scopes?: readonly ApiKeyScope[] },
  ): Promise<{
    readonly id: string;
    readonly apiKey: string;
    readonly agent: { readonly id: string; readonly name: string };
  }>;
  createOperatorToken(
    projectId: string,
    operatorId: string,
    options: { readonly name: string },
  ): Promise<{ readonly id: string; readonly token: string }>;
  /**
   * Puts a new key in the place of the one that signs receipts, checkpoints of the log, or leases. The
   * old one stays valid for a minute and is listed for ever; leases it has signed live on.
   */
  rotateSigningKey(purpose: SigningPurpose): Promise<{ readonly kid: string }>;
  /** Signs the operator in once, within 15 minutes. */
  createSignInLink(operatorId: string): Promise<{ readonly url: string; readonly expiresAt: Date }>;
}

/**
 * Opens the store and builds the control plane. Nothing listens until {@link ControlPlane.start}.
 *
 * @throws {MasterKeyError} when the master key is malformed or not the database's.
 * @throws {StoreError} `STORE_IN_USE`: another process has the database open.
 * @throws {RangeError} for a rate limit that is no integer ≥ 1.
 */
export async function createControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const servers: Server[] = [];
  let url: string | undefined;
  let closing: Promise<void> | undefined;
  const context = await createContext(options, () => url);
  const app = createApp(context);
  try {
    await context.replicas.start();
    await context.sequencer.start();
    await context.expiry.start();
    await context.holds.start();
    await context.escrows.start();
    await context.leases.start();
    context.deliveries.start();
    context.prune.start();
    context.baselines.start();
  } catch (error) {
    await closeAll();
    throw error;
  }

  async function closeAll(): Promise<void> {
    context.drain.begin();
    // While answers under way leave: they are what runs.
    const ran = context.gate.close();
    await Promise.all(servers.map(shut));
    await ran;
    await context.replicas.stop();
    await context.expiry.stop();
    await context.holds.stop();
    await context.escrows.stop();
    await context.leases.stop();
    await context.deliveries.stop();
    await context.prune.stop();
    await context.baselines.stop();
    await context.blobs.close();
    await context.sequencer.stop();
    await context.store.close();
  }

  async function start(options: ListenOptions & { readonly port: number }): Promise<{
    readonly url: string;
    readonly port: number;
  }>;
  async function start(options: ListenOptions): Promise<{
    readonly url: string;
    readonly port?: number;
  }>;
  async function start(options: ListenOptions) {
    const { port, hostname = "127.0.0.1", socketPath, socketMode = DEFAULT_SOCKET_MODE } = options;
    if (servers.length > 0 || closing !== undefined) {
      throw new TypeError("Expected a control plane that is neither started nor closed.");
    }
    if (port === undefined && socketPath === undefined) {
      throw new TypeError("Expected a port or the path of a socket to listen on, got neither.");
    }
    if (socketPath !== undefined) {
      servers.push(await listenOnSocket(app, { path: socketPath, mode: socketMode }));
    }
    if (port === undefined) return { url: context.publicUrl() };
    const server = await listen(app, { port, hostname });
    servers.push(server);
    const address = server.address();
    const taken = typeof address === "object" && address !== null ? address.port : port;
    url = `http://localhost:${taken}`;
    return { url: context.publicUrl(), port: taken };
  }

  const close = () => {
    closing ??= closeAll();
    return closing;
  };

  return {
    fetch: async (request) => app(request),
    start,
    close,
    admin: {
      bootstrap: (bootstrapOptions) => bootstrap(context, bootstrapOptions),
      async createApiKey(projectId, keyOptions) {
        const { key, text } = await createApiKey(context, projectId, keyOptions);
        return { id: key.id, apiKey: text, agent: key.agent };
      },
      async createOperatorToken(projectId, operatorId, tokenOptions) {
        const made = await createOperatorToken(context, projectId, operatorId, tokenOptions);
        return { id: made.token.id, token: made.text };
      },
      async rotateSigningKey(purpose) {
        const { kid } = await rotateCurrentKey(context, purpose);
        return { kid };
      },
      async createSignInLink(operatorId) {
        const operator = assertFound(await context.store.operators.find(operatorId), "an operator");
        const link = await createSignInLink(context, operator);
        return { url: link.url, expiresAt: new Date(link.expiresAt) };
      },
    },
    [Symbol.asyncDispose]: close,
  };
}
