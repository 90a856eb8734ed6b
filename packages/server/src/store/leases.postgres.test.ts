import { createDatabase } from "@holdpoint/test-postgres";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { DatabaseStore } from "./assemble.js";
import { testAuthority } from "./conformance/authority.js";
import { createMasterKey, NOW } from "./conformance/fixture.js";
import { createPostgresStore } from "./postgres.js";

/** Two replicas on one database. */
let replicas: DatabaseStore[];
beforeAll(async () => {
  const connectionString = await createDatabase(inject("postgres"));
  const masterKeys = [createMasterKey()];
  const open = () => createPostgresStore({ connectionString, masterKeys });
  replicas = [await open(), await open()];
});
afterAll(() => Promise.all(replicas.map((store) => store.close())));

describe("authority at two replicas", () => testAuthority(() => replicas));

it("takes a proof once, whichever replica it comes to", async () => {
  for (const id of ["first", "second", "third"]) {
    const taken = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        replicas[index % replicas.length]?.proofs.remember(id, NOW),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  }
});
