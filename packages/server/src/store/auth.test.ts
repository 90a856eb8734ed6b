import { createMasterKey } from "./conformance/fixture.js";
import { testSignIn } from "./conformance/sign-in.js";
import { createSqliteStore } from "./sqlite.js";

testSignIn("SQLite", () =>
  createSqliteStore({ storage: { memory: true }, masterKeys: [createMasterKey()] }),
);
