import { resolve } from "node:path";
import type { ControlPlane } from "@holdpoint/server";
import { Command } from "commander";
import { findDashboard } from "../data/dashboard.js";
import { CommandFailure } from "../failure.js";
import { type AnswerOptions, printAnswer } from "../output/answer.js";
import { type Terminal, waitForStop } from "../terminal.js";
import { withJson } from "./options.js";

interface Options extends AnswerOptions {
  readonly link?: boolean;
  readonly socket?: string;
}

/** What `serve` prints once it listens. */
interface Serving {
  readonly url: string;
  readonly port: number;
  readonly socketPath?: string;
  readonly admin?: string;
  readonly signInLink?: string;
}

export function serveCommand(terminal: Terminal): Command {
  return withJson(new Command("serve"))
    .description("Run the control plane in production, configured by its environment.")
    .option("--socket <path>", "a Unix socket to listen on too (default: HOLDPOINT_SOCKET)")
    .option("--link", "print a sign-in link for HOLDPOINT_ADMIN_EMAIL at this start too")
    .addHelpText(
      "after",
      `
It refuses to start on an unsafe configuration and says everything that is wrong with it. The first
start makes the project and its admin, and prints the admin's one-time sign-in link. The log goes to
standard error as lines of JSON. SIGTERM answers whoever waits, then ends.

  HOLDPOINT_DATA_DIR       folder of the database and of parked states
  HOLDPOINT_DATABASE_URL   a PostgreSQL database instead, which several servers may share
  HOLDPOINT_MASTER_KEY     encrypts what is stored: holdpoint keys master
  HOLDPOINT_PUBLIC_URL     what people open, https
  HOLDPOINT_ADMIN_EMAIL    the first admin
  HOLDPOINT_RETENTION_DAYS, HOLDPOINT_STATE_RETENTION_DAYS, HOLDPOINT_BLOB_DIR, HOLDPOINT_S3_BUCKET,
  HOLDPOINT_SOCKET         a Unix socket to listen on too, for who runs the server
  HOLDPOINT_SOCKET_MODE    or for its group: 0660
  HOLDPOINT_PROOF_NONCES   required: proofs of agents carry the server's own nonces
  HOLDPOINT_HOST, HOLDPOINT_PORT, HOLDPOINT_METRICS_TOKEN, HOLDPOINT_PREVIOUS_MASTER_KEYS,
  HOLDPOINT_SECRETS_DIR, HOLDPOINT_SECRET_<NAME>, HOLDPOINT_ALLOW_PRIVATE_EGRESS

Example:
  HOLDPOINT_DATA_DIR=/var/lib/holdpoint HOLDPOINT_MASTER_KEY="$(cat master.key)" \\
  HOLDPOINT_PUBLIC_URL=https://holdpoint.example.com HOLDPOINT_ADMIN_EMAIL=you@example.com \\
  holdpoint serve`,
    )
    .action((options: Options) => serve(terminal, options));
}

async function serve(terminal: Terminal, options: Options): Promise<void> {
  const { createControlPlane, loadServeConfig } = await import("@holdpoint/server");
  const loaded = loadServeConfig(environmentOf(terminal, options));
  if (!loaded.ok) throw unsafe(loaded.problems);
  const { config } = loaded;
  const dashboardDirectory = findDashboard();
  await using plane = await createControlPlane({
    ...config.options,
    ...(dashboardDirectory && { dashboardDirectory }),
  });
  const { hostname, socketPath, socketMode } = config;
  const { url, port } = await plane.start({
    port: config.port,
    hostname,
    ...(socketPath !== undefined && { socketPath }),
    ...(socketMode !== undefined && { socketMode }),
  });
  const signInLink = config.adminEmail && (await admit(plane, config.adminEmail, options));
  const serving: Serving = {
    url,
    port,
    ...(socketPath !== undefined && { socketPath }),
    ...(signInLink && { admin: config.adminEmail, signInLink }),
  };
  printAnswer(terminal, options, serving, describe);
  await waitForStop(terminal);
}

/** An option wins over the variable of the same meaning. */
function environmentOf({ env, directory }: Terminal, { socket }: Options): Terminal["env"] {
  return socket === undefined ? env : { ...env, HOLDPOINT_SOCKET: resolve(directory, socket) };
}

/** Makes the first project and its admin; answers a link when they are new or one was asked for. */
async function admit(
  { admin }: ControlPlane,
  email: string,
  options: Options,
): Promise<string | undefined> {
  const { operatorId, created } = await admin.bootstrap({
    email,
    name: email.replace(/@.*$/, ""),
    projectName: "Production",
  });
  if (!created && !options.link) return undefined;
  return (await admin.createSignInLink(operatorId)).url;
}

function describe({ url, port, socketPath, admin, signInLink }: Serving): string {
  const socket = socketPath === undefined ? "" : ` and on ${socketPath}`;
  const serving = `Holdpoint serves ${url} on port ${port}${socket}.`;
  if (signInLink === undefined) return serving;
  return `${serving}\n${admin} signs in with this link, once, within 15 minutes:\n\n  ${signInLink}\n`;
}

function unsafe(problems: readonly string[]): CommandFailure {
  const list = problems.map((problem) => `\n  - ${problem}`).join("");
  return new CommandFailure({
    reason: "usage",
    message: `This configuration is not safe to serve:${list}`,
    code: "CONFIGURATION_INVALID",
    next: "holdpoint serve --help",
  });
}
