import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { holdpoint, launch, temporaryFolder } from "../../fixtures/holdpoint.js";
import { changeFile } from "./file.js";

const preload = new URL("../../fixtures/die-at-rename.mjs", import.meta.url).href;
const argv = ["mcp", "install", "--client", "vscode", "--config", "mcp.json"];
const before = '{ "servers": {} } // mine\n';

it("[S-MCP-INSTALL] leaves the file as it was when the process dies before the last step", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const path = join(cwd, "mcp.json");
  await writeFile(path, before);
  const child = launch(argv, { cwd, env: { NODE_OPTIONS: `--import ${preload}` } });
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGKILL");
  expect(await readFile(path, "utf8")).toBe(before);
  const [name, backup, draft] = (await readdir(cwd)).sort();
  expect([name, draft]).toEqual(["mcp.json", "mcp.json.holdpoint-draft"]);
  expect(await readFile(join(cwd, String(backup)), "utf8")).toBe(before);

  const next = await holdpoint(argv, { cwd });
  expect(next).toMatchObject({ exitCode: 5, stdout: "" });
  expect(next.stderr).toContain("delete that file");
  expect(await readFile(path, "utf8")).toBe(before);
});

it("notices a client that wrote in between", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "mcp.json");
  await writeFile(path, before);
  const changed = changeFile(path, {
    edit: () => {
      writeFileSync(path, "theirs");
      return { text: "{}", change: "added" };
    },
    secret: false,
    dryRun: false,
  });
  await expect(changed).rejects.toMatchObject({ reason: "conflict", code: "CONFIG_CHANGED" });
  expect(await readFile(path, "utf8")).toBe("theirs");
  expect(await readdir(folder.path)).not.toContain("mcp.json.holdpoint-draft");
});
