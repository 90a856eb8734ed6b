import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createControlPlane } from "@holdpoint/server";
import { type Child, startChild } from "./child.js";

/** A data folder that `holdpoint serve` finds ready, and who may call it. */
export interface DataFolder {
  readonly path: string;
  readonly apiKey: string;
  readonly operatorToken: string;
  /** The environment that serves it, on any free port. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServeProcess extends Child {
  readonly url: string;
}

export async function createDataFolder(folder: string): Promise<DataFolder> {
  const path = join(folder, "data");
  const masterKey = randomBytes(32).toString("base64url");
  await using plane = await createControlPlane({
    storage: { kind: "sqlite", path: join(path, "holdpoint.db") },
    masterKey,
    logger: { info() {}, warn() {}, error() {} },
  });
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "ada@example.com",
    name: "Ada Lovelace",
    projectName: "Acme",
  });
  const { apiKey } = await plane.admin.createApiKey(projectId, { agent: "billing-bot" });
  const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
  const environment = {
    HOLDPOINT_DATA_DIR: path,
    HOLDPOINT_MASTER_KEY: masterKey,
    HOLDPOINT_PUBLIC_URL: "https://holdpoint.example.com",
    HOLDPOINT_PORT: "0",
  };
  return { path, apiKey, operatorToken: token, environment };
}

/** `holdpoint serve` from source, once it listens. */
export async function startServe({ environment }: DataFolder): Promise<ServeProcess> {
  const child = startChild("../packages/cli/src/bin.ts", environment, ["serve", "--json"]);
  const { port } = JSON.parse(await child.nextLine()) as { port: number };
  return { ...child, url: `http://127.0.0.1:${port}` };
}
