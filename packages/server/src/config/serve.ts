import { statSync } from "node:fs";
import { join } from "node:path";
import type { ControlPlaneOptions } from "../options.js";
import { GATE_VARIABLES, isSecretVariable, readGate } from "./gate.js";
import { LISTEN_VARIABLES, readListening } from "./listen.js";
import { databaseUrlProblem, masterKeyProblem, publicUrlProblem } from "./rules.js";
import { readBlobs, readRetention, STATE_VARIABLES } from "./states.js";

/** What `holdpoint serve` runs with. */
export interface ServeConfig {
  readonly options: ControlPlaneOptions;
  readonly hostname: string;
  readonly port: number;
  /** A Unix socket to listen on too. */
  readonly socketPath?: string;
  /** Its file permissions. */
  readonly socketMode?: number;
  readonly dataDirectory: string;
  /** Made admin of the first project, when there is none. */
  readonly adminEmail: string | undefined;
}

/** Every variable there is, with what it is for. */
const VARIABLES = {
  HOLDPOINT_DATA_DIR: "folder of the database, or of parked states alone beside PostgreSQL",
  HOLDPOINT_DATABASE_URL: "address of a PostgreSQL database, instead of the embedded one",
  HOLDPOINT_MASTER_KEY: "32 bytes as base64url",
  HOLDPOINT_PREVIOUS_MASTER_KEYS: "earlier master keys, separated by commas",
  HOLDPOINT_PUBLIC_URL: "address of the dashboard, https",
  ...LISTEN_VARIABLES,
  HOLDPOINT_METRICS_TOKEN: "bearer token of /metrics, at least 16 characters",
  HOLDPOINT_ADMIN_EMAIL: "e-mail address of the first admin",
  ...STATE_VARIABLES,
  ...GATE_VARIABLES,
} as const;

/** The client's variables, which may stand in the same environment. */
const CLIENT_VARIABLES = new Set([
  "HOLDPOINT_API_KEY",
  "HOLDPOINT_URL",
  "HOLDPOINT_ENCRYPTION_KEY",
  "HOLDPOINT_ENVIRONMENT",
  "HOLDPOINT_OPERATOR_TOKEN",
  "HOLDPOINT_PROJECT",
  "HOLDPOINT_WEBHOOK_SECRET",
]);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment of a production server, and refuses what is unsafe.
 *
 * @returns The configuration, or every problem in plain words, each with what to do. Never a secret.
 */
export function loadServeConfig(
  environment: Environment = process.env,
):
  | { readonly ok: true; readonly config: ServeConfig }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const read = (name: keyof typeof VARIABLES) => environment[name]?.trim() || undefined;
  const dataDirectory = read("HOLDPOINT_DATA_DIR");
  const databaseUrl = read("HOLDPOINT_DATABASE_URL");
  const masterKey = read("HOLDPOINT_MASTER_KEY");
  const previousMasterKeys = read("HOLDPOINT_PREVIOUS_MASTER_KEYS")?.split(",") ?? [];
  const publicUrl = read("HOLDPOINT_PUBLIC_URL");
  const metricsToken = read("HOLDPOINT_METRICS_TOKEN");
  const adminEmail = read("HOLDPOINT_ADMIN_EMAIL");
  const { proofNonces, place, problems: listenProblems } = readListening(read);
  const { blobs, problems: blobProblems } = readBlobs(read);
  const { retention, problems: retentionProblems } = readRetention(read);
  const { problems: gateProblems, ...gate } = readGate(read, environment);
  const problems = [
    ...unknownVariables(environment),
    dataDirectoryProblem(dataDirectory),
    databaseUrlProblem(databaseUrl),
    masterKeyProblem("HOLDPOINT_MASTER_KEY", masterKey),
    ...previousMasterKeys.map((key) => masterKeyProblem("HOLDPOINT_PREVIOUS_MASTER_KEYS", key)),
    publicUrlProblem(publicUrl),
    ...listenProblems,
    metricsTokenProblem(metricsToken),
    adminEmailProblem(adminEmail),
    ...blobProblems,
    ...retentionProblems,
    ...gateProblems,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0 || !dataDirectory || !masterKey || !publicUrl) {
    return { ok: false, problems };
  }
  const options: ControlPlaneOptions = {
    storage:
      databaseUrl === undefined
        ? { kind: "sqlite", path: join(dataDirectory, "holdpoint.db") }
        : { kind: "postgres", url: databaseUrl },
    blobs: { kind: "folder", path: join(dataDirectory, "blobs") },
    masterKey,
    previousMasterKeys,
    publicUrl,
    retention,
    proofNonces,
    ...gate,
    ...(blobs !== undefined && { blobs }),
    ...(metricsToken !== undefined && { metricsToken }),
  };
  return { ok: true, config: { options, ...place, dataDirectory, adminEmail } };
}

function unknownVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith("HOLDPOINT_") && !isSecretVariable(name))
    .filter((name) => !Object.hasOwn(VARIABLES, name) && !CLIENT_VARIABLES.has(name))
    .map(
      (name) =>
        `${name} is not a variable of Holdpoint. Remove it, or correct its name: ${Object.keys(VARIABLES).join(", ")}.`,
    );
}

function dataDirectoryProblem(path: string | undefined): string | undefined {
  if (path === undefined) {
    return "HOLDPOINT_DATA_DIR is not set. Set it to the folder that keeps the database and parked states, for example /var/lib/holdpoint.";
  }
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return `HOLDPOINT_DATA_DIR (${path}) is not a folder. Name a folder.`;
  const isOpenToOthers = process.platform !== "win32" && (stats.mode & 0o007) !== 0;
  if (!isOpenToOthers) return undefined;
  return `HOLDPOINT_DATA_DIR (${path}) is open to every user of this machine. Run: chmod 700 ${path}`;
}

function metricsTokenProblem(token: string | undefined): string | undefined {
  if (token === undefined || token.length >= 16) return undefined;
  return "HOLDPOINT_METRICS_TOKEN is too short. Use at least 16 characters, for example from: openssl rand -hex 16";
}

function adminEmailProblem(email: string | undefined): string | undefined {
  if (email === undefined || /^[^@\s]+@[^@\s]+$/.test(email)) return undefined;
  return "HOLDPOINT_ADMIN_EMAIL is not an e-mail address. Set it to that of the first admin.";
}
