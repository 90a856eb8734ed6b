import { createDatabase } from "@holdpoint/test-postgres";
import { afterAll, beforeAll, describe, inject } from "vitest";
import type { DatabaseStore } from "./assemble.js";
import { createMasterKey } from "./conformance/fixture.js";
import { testGateCallRaces } from "./conformance/gate-call-races.js";
import { createPostgresStore } from "./postgres.js";

/** Two replicas on one database. */
let replicas: readonly DatabaseStore[];
beforeAll(async () => {
  const connectionString = await createDatabase(inject("postgres"));
  const masterKeys = [createMasterKey()];
  const open = () => createPostgresStore({ connectionString, masterKeys });
  replicas = [await open(), await open()];
});
afterAll(() => Promise.all(replicas.map((store) => store.close())));

describe("races of calls at two replicas", () => testGateCallRaces(() => replicas));
