import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { createFolder } from "../harness/folder.js";

const home = fileURLToPath(new URL("..", import.meta.url));

const program = `
  import { Holdpoint } from "@holdpoint/sdk";
  const hp = new Holdpoint({ apiKey: "hp_${"0".repeat(26)}_${"a".repeat(43)}" });
  const pay = hp.spend.x402Fetch(fetch, { client: {}, category: "data" });
  await pay("https://api.example.com/").catch(({ code, message }) => console.log(code, message));
`;

test("without the package @x402/core, what to install is said, and nothing else is missing", async () => {
  await using folder = await createFolder();
  const file = `${folder.path}/program.mjs`;
  await build({
    stdin: { contents: program, resolveDir: home },
    bundle: true,
    outfile: file,
    platform: "node",
    format: "esm",
    conditions: ["@holdpoint/source"],
    external: ["@x402/*"],
  });
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  expect(stdout).toMatch(/^CONFIGURATION_INVALID .*npm install @x402\/core/);
});
