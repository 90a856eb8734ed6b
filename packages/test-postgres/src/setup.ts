import type { TestProject } from "vitest/node";
import type { Cluster } from "./database.js";
import { startPostgres } from "./server.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The server of this run; `createDatabase(inject("postgres"))` gives a database of one's own. */
    readonly postgres: Cluster;
  }
}

/** For vitest's `globalSetup`: one PostgreSQL server for all test files of a project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide("postgres", { adminUrl: server.adminUrl, token: server.token });
  return () => server.stop();
}
