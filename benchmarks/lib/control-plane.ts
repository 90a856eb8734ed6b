import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createControlPlane } from "@holdpoint/server";
import { serveParent } from "./processes.js";

/** What {@link startControlPlane}'s parent learns of the control plane under test. */
export interface ControlPlaneReady {
  readonly url: string;
  readonly apiKey: string;
  readonly operatorToken: string;
}

const {
  HOLDPOINT_BENCH_DATABASE: database,
  HOLDPOINT_BENCH_FILE: file,
  HOLDPOINT_BENCH_MASTER_KEY: masterKey,
} = process.env;
const directory = await mkdtemp(join(tmpdir(), "holdpoint-bench-"));
const controlPlane = await createControlPlane({
  storage:
    database === undefined
      ? { kind: "sqlite", path: file ?? join(directory, "holdpoint.db") }
      : { kind: "postgres", url: database },
  blobs: { kind: "folder", path: join(directory, "blobs") },
  masterKey: masterKey ?? randomBytes(32).toString("base64url"),
  rateLimits: false,
  // The service that actions call is on this machine.
  allowPrivateEgress: true,
});
const { projectId, operatorId } = await controlPlane.admin.bootstrap({
  email: "bench@localhost",
  name: "Bench",
  projectName: "Bench",
});
const { apiKey } = await controlPlane.admin.createApiKey(projectId, { agent: "bench" });
const { token } = await controlPlane.admin.createOperatorToken(projectId, operatorId, {
  name: "bench",
});
const { url } = await controlPlane.start({ port: 0, hostname: "127.0.0.1" });

const ready: ControlPlaneReady = { url, apiKey, operatorToken: token };
serveParent(ready, async () => {
  await controlPlane.close();
  await rm(directory, { recursive: true });
});
