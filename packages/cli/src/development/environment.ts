import { type ControlPlane, createControlPlane } from "@holdpoint/server";
import { type Credentials, loadCredentials, saveCredentials } from "../data/credentials.js";
import { findDashboard } from "../data/dashboard.js";
import { type DataDirectory, openDataDirectory } from "../data/directory.js";
import { loadMasterKey } from "../data/master-key.js";
import { CommandFailure } from "../failure.js";

/** A running control plane with one project, one admin and one agent, ready to be tried. */
export interface DevelopmentEnvironment {
  readonly plane: ControlPlane;
  readonly credentials: Credentials;
  /** Makes a link that signs the admin in once. */
  createSignInLink(): Promise<string>;
}

export interface DevelopmentOptions {
  readonly directory: DataDirectory;
  readonly port: number;
  readonly hostname: string;
  readonly socketPath?: string;
  readonly note: (text: string) => void;
}

const OPERATOR = {
  email: "dev@holdpoint.localhost",
  name: "Developer",
  projectName: "Development",
};
const AGENT = "dev-agent";

/** Starts the control plane on a data folder, making whatever is not there yet. */
export async function startDevelopment(
  options: DevelopmentOptions,
): Promise<DevelopmentEnvironment> {
  const { directory, port, hostname, socketPath } = options;
  await openDataDirectory(directory);
  const plane = await openPlane(options, await loadMasterKey(directory.masterKey));
  try {
    const { projectId, operatorId } = await plane.admin.bootstrap(OPERATOR);
    const { url } = await plane.start({
      port,
      hostname,
      ...(socketPath !== undefined && { socketPath }),
    });
    const credentials = await ensureCredentials(plane, url, { directory, projectId, operatorId });
    return {
      plane,
      credentials,
      createSignInLink: async () => (await plane.admin.createSignInLink(operatorId)).url,
    };
  } catch (error) {
    await plane.close();
    throw error;
  }
}

async function openPlane(
  { directory, note }: DevelopmentOptions,
  masterKey: string,
): Promise<ControlPlane> {
  const dashboardDirectory = findDashboard();
  const log = (_fields: object, message: string) => note(`control plane: ${message}`);
  try {
    return await createControlPlane({
      storage: { kind: "sqlite", path: directory.database },
      masterKey,
      allowLoopbackWebhooks: true,
      allowPrivateEgress: true,
      ...(dashboardDirectory && { dashboardDirectory }),
      logger: { info: () => {}, warn: log, error: log },
    });
  } catch (error) {
    if ((error as { code?: string }).code !== "STORE_IN_USE") throw error;
    const running = await loadCredentials(directory.credentials);
    throw new CommandFailure({
      reason: "conflict",
      message: `Holdpoint runs on ${directory.path} already${running ? `, at ${running.url}` : ""}.`,
      code: "STORE_IN_USE",
      next: "holdpoint operators link   (signs you in there), or holdpoint dev --data <other folder>",
      cause: error,
    });
  }
}

interface Account {
  readonly directory: DataDirectory;
  readonly projectId: string;
  readonly operatorId: string;
}

/** Keeps the credentials of the last start as long as the control plane still accepts them. */
async function ensureCredentials(
  plane: ControlPlane,
  url: string,
  { directory, projectId, operatorId }: Account,
): Promise<Credentials> {
  const kept = await loadCredentials(directory.credentials);
  const usable = (secret: string | undefined) => isAccepted(plane, url, secret);
  const apiKey = (await usable(kept?.apiKey))
    ? kept?.apiKey
    : (await plane.admin.createApiKey(projectId, { agent: AGENT })).apiKey;
  const operatorToken = (await usable(kept?.operatorToken))
    ? kept?.operatorToken
    : (await plane.admin.createOperatorToken(projectId, operatorId, { name: "holdpoint dev" }))
        .token;
  const credentials = { url, apiKey, operatorToken } as Credentials;
  await saveCredentials(directory.credentials, credentials);
  return credentials;
}

async function isAccepted(plane: ControlPlane, url: string, secret: string | undefined) {
  if (secret === undefined) return false;
  const headers = { authorization: `Bearer ${secret}` };
  const response = await plane.fetch(new Request(`${url}/v1/me`, { headers }));
  await response.body?.cancel();
  return response.ok;
}
