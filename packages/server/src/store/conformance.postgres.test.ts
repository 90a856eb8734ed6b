import { createDatabase } from "@holdpoint/test-postgres";
import { inject } from "vitest";
import { createMasterKey } from "./conformance/fixture.js";
import { testStore } from "./conformance.js";
import { createPostgresStore } from "./postgres.js";

testStore("PostgreSQL", async () => {
  const connectionString = await createDatabase(inject("postgres"));
  return createPostgresStore({ connectionString, masterKeys: [createMasterKey()] });
});
