import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Holdpoint } from "@holdpoint/sdk";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFolder } from "../harness/folder.js";
import { installProject, packPackages } from "../harness/packed.js";

const run = promisify(execFile);
const PACKED = ["protocol", "sdk", "server", "testing", "cli"];

/** As a user gets it: packed by pnpm, installed by npm into an empty project, outside this repository. */
describe("[S-PACKED] the packed packages", () => {
  let project: Awaited<ReturnType<typeof createFolder>>;
  beforeAll(async () => {
    project = await createFolder();
    await installProject(project.path, await packPackages(PACKED, project.path));
  }, 600_000);
  afterAll(() => project[Symbol.asyncDispose]());

  test("testing: the control plane runs in the process that tests", async () => {
    const code =
      "import { createTestControlPlane } from '@holdpoint/testing';" +
      "const holdpoint = await createTestControlPlane({ decisions: 'approve' });" +
      "const ask = { service: 'a', action: 'b', payload: 1 };" +
      "console.log((await holdpoint.client().ask(ask)).status); await holdpoint.close();";
    expect(await runFile("testing.mjs", code)).toBe("APPROVED");
  });

  test("the command starts a control plane with its dashboard, and decides", async () => {
    const holdpoint = join(project.path, "node_modules/.bin/holdpoint");
    const data = join(project.path, "data");
    const dev = spawn(holdpoint, ["dev", "--json", "--no-open", "--port", "0", "--data", data], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(createInterface({ input: dev.stdout }), "line")) as [string];
      const ready = JSON.parse(line) as Record<"url" | "apiKey" | "operatorToken", string>;
      const page = await fetch(ready.url);
      expect(await page.text()).toContain('<div id="root">');
      const hp = new Holdpoint({ baseUrl: ready.url, apiKey: ready.apiKey });
      const { id } = await hp.defer({
        service: "db-agent",
        action: "run_sql",
        payload: { sql: "x" },
      });
      const answer = hp.wait(id);
      await run(holdpoint, ["requests", "reject", id, "--reason", "Not now."], {
        env: {
          ...process.env,
          HOLDPOINT_URL: ready.url,
          HOLDPOINT_OPERATOR_TOKEN: ready.operatorToken,
        },
      });
      expect(await answer).toMatchObject({ status: "REJECTED", reason: "Not now." });
    } finally {
      dev.kill("SIGTERM");
      if (dev.exitCode === null) await once(dev, "exit");
    }
  });

  const use =
    "new Holdpoint({ apiKey: formatApiKey('prj_01h455vb4pex5vsknk084sn02q', 'A'.repeat(43)) });" +
    " console.log(typeof sealEnvelope, decisionSchema.safeParse({}).success, ID_PREFIXES.request);";

  async function runFile(name: string, code: string): Promise<string> {
    await writeFile(join(project.path, name), code);
    const { stdout } = await run(process.execPath, [name], { cwd: project.path });
    return stdout.trim();
  }

  test("import as ES modules", async () => {
    const imports =
      "import { Holdpoint } from '@holdpoint/sdk';" +
      "import { formatApiKey, ID_PREFIXES } from '@holdpoint/protocol';" +
      "import { sealEnvelope } from '@holdpoint/protocol/envelope';" +
      "import { decisionSchema } from '@holdpoint/protocol/schemas';";
    expect(await runFile("use.mjs", imports + use)).toBe("function false req");
  });

  test("load as CommonJS", async () => {
    const requires =
      "const { Holdpoint } = require('@holdpoint/sdk');" +
      "const { formatApiKey, ID_PREFIXES } = require('@holdpoint/protocol');" +
      "const { sealEnvelope } = require('@holdpoint/protocol/envelope');" +
      "const { decisionSchema } = require('@holdpoint/protocol/schemas');";
    expect(await runFile("use.cjs", requires + use)).toBe("function false req");
  });

  test("[S-SMALL] bundle for a browser, without node: imports, and without zod in what is loaded first", async () => {
    const result = await build({
      stdin: {
        contents: "export { Holdpoint } from '@holdpoint/sdk';",
        resolveDir: project.path,
      },
      bundle: true,
      splitting: true,
      write: false,
      outdir: project.path,
      entryNames: "entry",
      minify: true,
      platform: "browser",
      format: "esm",
      metafile: true,
      logLevel: "silent",
    });
    expect(result.warnings).toEqual([]);
    const outputs = Object.entries(result.metafile.outputs);
    const [, entry] = outputs.find(([, { entryPoint }]) => entryPoint !== undefined) ?? [];
    const first = Object.keys(entry?.inputs ?? {});
    expect(first.some((path) => path.includes("@holdpoint/sdk"))).toBe(true);
    expect(first.filter((path) => /node_modules\/(zod|jose)\//.test(path))).toEqual([]);
  });
});
