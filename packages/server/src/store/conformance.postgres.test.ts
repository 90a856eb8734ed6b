import { createDatabase } from "@holdpoint/test-postgres";
import { inject } from "vitest";
import { createMasterKey } from "./conformance/fixture.js";
import { testSignIn } from "./conformance/sign-in.js";
import { testStore } from "./conformance.js";
import { createPostgresStore } from "./postgres.js";

async function makeStore() {
  const connectionString = await createDatabase(inject("postgres"));
  return createPostgresStore({ connectionString, masterKeys: [createMasterKey()] });
}

testStore("PostgreSQL", makeStore);
testSignIn("PostgreSQL", makeStore);
