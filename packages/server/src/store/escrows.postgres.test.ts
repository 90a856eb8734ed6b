import { createDatabase } from "@holdpoint/test-postgres";
import { afterAll, beforeAll, describe, inject } from "vitest";
import type { DatabaseStore } from "./assemble.js";
import { testEscrowRaces } from "./conformance/escrow-races.js";
import { createMasterKey } from "./conformance/fixture.js";
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

describe("races for an escrow at two replicas", () => testEscrowRaces(() => replicas));
