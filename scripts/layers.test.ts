import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkLayers, PACKAGES } from "./layers.js";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "layers-"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

describe("checkLayers", () => {
  it.each([
    ["packages/protocol/src/a.ts", `import { Holdpoint } from "@holdpoint/sdk";`],
    ["packages/protocol/src/a.ts", `import { readFile } from "node:fs/promises";`],
    ["packages/protocol/src/a.ts", "export const at = Date.now();"],
    ["packages/protocol/src/a.ts", "export const id = globalThis.crypto.randomUUID();"],
    ["packages/protocol/src/a.ts", `export { z } from "zod";`],
    ["packages/protocol/src/a.ts", `export * from "./schemas/index.js";`],
    ["packages/sdk/src/a.ts", `export type { ControlPlane } from "@holdpoint/server";`],
    ["packages/sdk/src/deep/a.ts", `const loaded = await import("node:crypto");`],
    ["packages/sdk/src/a.ts", `import * as schemas from "@holdpoint/protocol/schemas";`],
    ["packages/server/src/a.ts", `import { Holdpoint } from "@holdpoint/sdk";`],
    ["packages/server/src/http/a.ts", "const port = process.env.PORT;"],
    ["packages/server/src/http/a.ts", `const port = process.env["PORT"];`],
    ["packages/server/src/routes/a.ts", `import { sql } from "kysely";`],
    ["packages/server/src/domain/a.ts", `import { app } from "../http/app.js";`],
    ["packages/server/src/domain/deep/a.ts", `import { open } from "../../store/open.js";`],
    ["packages/server/src/domain/a.ts", "export const now = () => Date.now();"],
    ["packages/server/src/store/tables/a.ts", `import { app } from "../../http/app.js";`],
    ["packages/dashboard/src/a.tsx", `import { createControlPlane } from "@holdpoint/server";`],
    ["packages/cli/src/a.ts", `const testing = require("@holdpoint/testing");`],
    ["examples/drop-table/agent.ts", `import { diffPayload } from "@holdpoint/protocol";`],
  ])("refuses in %s: %s", (file, text) => {
    write(file, `\n${text}\n`);
    expect(checkLayers(root)).toEqual([expect.objectContaining({ file, line: 2 })]);
  });

  it.each([
    ["packages/protocol/src/schemas/a.ts", `import { z } from "zod";`],
    ["packages/cli/src/fixtures/a.ts", `import { Holdpoint } from "@holdpoint/sdk";`],
    ["packages/protocol/src/a.test.ts", `import { readFile } from "node:fs/promises";`],
    [
      "packages/protocol/src/a.ts",
      `// Date.now() is forbidden here\nexport const text = "Date.now()";`,
    ],
    ["packages/sdk/src/a.ts", `import { LIMITS } from "@holdpoint/protocol";`],
    ["packages/server/src/config/environment.ts", "export const environment = process.env;"],
    ["packages/server/src/store/a.ts", `import { sql } from "kysely";`],
    ["packages/server/src/domain/a.ts", `import { diff } from "./diff.js";`],
    ["packages/server/src/http/a.ts", `import { decide } from "../domain/decide.js";`],
    ["packages/testing/src/a.ts", `import { createControlPlane } from "@holdpoint/server";`],
  ])("allows in %s: %s", (file, text) => {
    write(file, text);
    expect(checkLayers(root)).toEqual([]);
  });

  it("lets no two packages import each other", () => {
    const nameOf = (folder: string) => folder.replace("packages/", "@holdpoint/");
    for (const [folder, allowed] of Object.entries(PACKAGES)) {
      for (const other of Object.keys(PACKAGES).filter((each) => allowed.includes(nameOf(each)))) {
        expect(PACKAGES[other]).not.toContain(nameOf(folder));
      }
    }
  });
});
