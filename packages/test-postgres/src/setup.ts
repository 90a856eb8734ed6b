import type { TestProject } from "vitest/node";
import { startPostgres } from "./server.js";

/** For vitest's `globalSetup`: one PostgreSQL server for all test files of a project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide("postgres", { adminUrl: server.adminUrl, token: server.token });
  return () => server.stop();
}
