import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { holdpoint, temporaryFolder } from "../../fixtures/holdpoint.js";

const KEY = `hp_01jz0000000000000000000000_${"k".repeat(43)}`;
const URL_ = "https://holdpoint.example";
const env = { HOLDPOINT_URL: `${URL_}/`, HOLDPOINT_API_KEY: KEY };

/** A machine whose user's folder and project are one temporary folder. */
async function machine() {
  const folder = await temporaryFolder();
  const cwd = folder.path;
  const at = (path: string) => join(cwd, path);
  return {
    cwd,
    run: (...argv: string[]) => holdpoint(["mcp", ...argv], { cwd, env: { HOME: cwd, ...env } }),
    read: (path: string) => readFile(at(path), "utf8"),
    write: async (path: string, text: string) => {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), text);
    },
    mode: async (path: string) => (await stat(at(path))).mode & 0o777,
    files: async () =>
      (await readdir(cwd, { recursive: true, withFileTypes: true }))
        .filter((entry) => !entry.isDirectory())
        .map(({ parentPath, name }) => join(parentPath, name).slice(cwd.length + 1))
        .sort(),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const stored = {
  command: "npx",
  args: ["-y", "@holdpoint/mcp"],
  env: { HOLDPOINT_URL: URL_, HOLDPOINT_API_KEY: KEY },
};
const referring = (reference: string) => ({
  type: "stdio",
  ...stored,
  env: { ...stored.env, HOLDPOINT_API_KEY: reference },
});
const input = expect.objectContaining({ id: "holdpoint-api-key", password: true });
const prompted = {
  inputs: [input],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code replaces it
  servers: { holdpoint: referring("${input:holdpoint-api-key}") },
};
const typed = { type: "stdio", ...stored };

const CASES = [
  ["claude-desktop", "user", { mcpServers: { holdpoint: stored } }],
  ["cursor", "user", { mcpServers: { holdpoint: typed } }],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Cursor replaces it
  ["cursor", "project", { mcpServers: { holdpoint: referring("${env:HOLDPOINT_API_KEY}") } }],
  ["vscode", "user", prompted],
  ["vscode", "project", prompted],
  ["claude-code", "user", { mcpServers: { holdpoint: typed } }],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code replaces it
  ["claude-code", "project", { mcpServers: { holdpoint: referring("${HOLDPOINT_API_KEY}") } }],
] as const;

it.each(CASES)(
  "installs into %s for the %s, and again changes nothing",
  async (client, scope, expected) => {
    await using on = await machine();
    const argv = ["--client", client, "--scope", scope];
    const first = await on.run("install", ...argv, "--json");
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    const { path, change, backup } = JSON.parse(first.stdout);
    expect({ change, backup }).toEqual({ change: "added", backup: null });
    const file = path.slice(on.cwd.length + 1);
    const text = await on.read(file);
    expect(JSON.parse(text)).toEqual(expected);
    const holdsKey = text.includes(KEY);
    expect(holdsKey).toBe(scope === "user" && client !== "vscode");
    expect(await on.mode(file)).toBe(holdsKey ? 0o600 : 0o644);

    const again = await on.run("install", ...argv);
    expect(again.stdout).toContain("Nothing was written.");
    expect(await on.files()).toEqual([file]);
    expect(await on.read(file)).toBe(text);

    const removed = await on.run("uninstall", ...argv);
    expect(removed).toMatchObject({ exitCode: 0 });
    expect(await on.read(file)).not.toContain("holdpoint");
    expect((await on.run("uninstall", ...argv)).stdout).toContain("Nothing was written.");
    for (const { stdout, stderr } of [first, again, removed])
      expect(stdout + stderr).not.toContain(KEY);
  },
);

const COMMENTED = `{
\t// My servers, and why.
\t"servers": {
\t\t/* the first */
\t\t"files": { "command": "files", "args": [] }, // stays
\t},
\t"inputs": [
\t\t{ "id": "other", "type": "promptString" } // stays too
\t]
}
`;

it("[S-MCP-INSTALL] keeps comments, indentation and everybody else's entries, and what was there beside it", async () => {
  await using on = await machine();
  await on.write(".vscode/mcp.json", COMMENTED);
  await chmod(join(on.cwd, ".vscode/mcp.json"), 0o640);
  const argv = ["--client", "vscode", "--scope", "project"];
  const { stdout } = await on.run("install", ...argv, "--json");
  const text = await on.read(".vscode/mcp.json");
  for (const comment of [
    "// My servers, and why.",
    "/* the first */",
    "// stays\n",
    "// stays too",
  ]) {
    expect(text).toContain(comment);
  }
  expect(text).toMatch(/^\t\t"holdpoint": \{$/m);
  expect(text).toContain('"files": { "command": "files", "args": [] }');
  expect(await on.mode(".vscode/mcp.json")).toBe(0o640);
  const { backup } = JSON.parse(stdout);
  expect(await readFile(backup, "utf8")).toBe(COMMENTED);
  expect((await stat(backup)).mode & 0o777).toBe(0o600);

  await on.run("uninstall", ...argv);
  expect(await on.read(".vscode/mcp.json")).toBe(COMMENTED);
});

it("keeps the line ends of Windows, and takes an empty file for none", async () => {
  await using on = await machine();
  await on.write("crlf.json", '\ufeff{\r\n    "theme": "dark"\r\n}\r\n');
  await on.write("empty.json", "\n");
  const to = (file: string) => on.run("install", "--client", "cursor", "--config", file);
  await to("crlf.json");
  const text = await on.read("crlf.json");
  expect(text.replaceAll("\r\n", "")).not.toContain("\n");
  expect(text).toMatch(/^ {4}"mcpServers": \{\r$/m);
  await to("empty.json");
  expect(JSON.parse(await on.read("empty.json"))).toEqual({ mcpServers: { holdpoint: typed } });
});

it("shows what it would write, without the key, and writes nothing", async () => {
  await using on = await machine();
  await on.write(".mcp.json", "{}");
  const argv = ["install", "--client", "claude-code", "--config", ".mcp.json", "--dry-run"];
  const { stdout, exitCode } = await on.run(...argv);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('"command": "npx"');
  expect(stdout).toContain('"HOLDPOINT_API_KEY": "(hidden)"');
  const json = JSON.parse((await on.run(...argv, "--json")).stdout);
  expect(json).toMatchObject({ change: "added", dryRun: true, backup: null });
  expect(await on.run("install", "--client", "cursor", "--dry-run")).toMatchObject({ exitCode: 0 });
  expect(await on.files()).toEqual([".mcp.json"]);
  expect(await on.read(".mcp.json")).toBe("{}");

  await on.run("install", "--client", "claude-code", "--config", ".mcp.json");
  const before = await on.files();
  const removal = await on.run(
    "uninstall",
    "--client",
    "claude-code",
    "--config",
    ".mcp.json",
    "--dry-run",
  );
  expect(removal.stdout).toContain("Would remove mcpServers.holdpoint");
  expect(await on.files()).toEqual(before);
});

it("leaves another entry of the name alone, unless forced", async () => {
  await using on = await machine();
  const others = '{"mcpServers":{"holdpoint":{"command":"other","args":["--token","s3cret"]}}}';
  await on.write(".cursor/mcp.json", others);
  for (const command of ["install", "uninstall"]) {
    const refused = await on.run(command, "--client", "cursor");
    expect(refused).toMatchObject({ exitCode: 5, stdout: "" });
    expect(refused.stderr).not.toContain("s3cret");
    expect(await on.files()).toEqual([".cursor/mcp.json"]);
    expect(await on.read(".cursor/mcp.json")).toBe(others);
  }
  const beside = await on.run("install", "--client", "cursor", "--name", "approvals", "--json");
  expect(JSON.parse(beside.stdout).change).toBe("added");
  const forced = await on.run("install", "--client", "cursor", "--force", "--json");
  expect(JSON.parse(forced.stdout).change).toBe("replaced");
  expect(JSON.parse(await on.read(".cursor/mcp.json"))).toEqual({
    mcpServers: { holdpoint: typed, approvals: typed },
  });
});

it("takes another key or address for another entry, and removes its own whatever it says", async () => {
  await using on = await machine();
  await on.run("install", "--client", "cursor");
  const other = ["--client", "cursor", "--url", "https://other.example"];
  expect(await on.run("install", ...other)).toMatchObject({ exitCode: 5 });
  expect(await on.run("install", ...other, "--force")).toMatchObject({ exitCode: 0 });
  expect(await on.read(".cursor/mcp.json")).toContain("https://other.example");
  expect(await on.run("uninstall", "--client", "cursor")).toMatchObject({ exitCode: 0 });
});

it.each([
  ["cursor", "{ broken", "in line 1, column 3"],
  ["cursor", "[]", "the file is not an object"],
  ["cursor", '{ "mcpServers": [] }', '"mcpServers" is not an object'],
  ["cursor", '{ "mcpServers": {}, "mcpServers": {} }', "twice"],
  ["cursor", '{ "mcpServers": { "holdpoint": {}, "holdpoint": {} } }', "twice"],
  ["vscode", '{ "inputs": {} }', '"inputs" are not a list'],
  ["claude-desktop", "{ /* no comments here */ }", "Claude Desktop cannot read it"],
])("says what is wrong with a file of %s: %s", async (client, text, message) => {
  await using on = await machine();
  await on.write("mcp.json", text);
  const ended = await on.run("install", "--client", client, "--config", "mcp.json");
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toContain(message);
  expect(await on.files()).toEqual(["mcp.json"]);
  expect(await on.read("mcp.json")).toBe(text);
});

it("leaves a file alone that is no text, and a link that leads nowhere", async () => {
  await using on = await machine();
  const utf16 = Buffer.from("\ufeff{}", "utf16le");
  await writeFile(join(on.cwd, "utf16.json"), utf16);
  await symlink("nowhere.json", join(on.cwd, "link.json"));
  for (const file of ["utf16.json", "link.json"]) {
    const ended = await on.run("install", "--client", "cursor", "--config", file);
    expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  }
  expect(await readFile(join(on.cwd, "utf16.json"))).toEqual(utf16);
  expect(await on.files()).toEqual(["link.json", "utf16.json"]);
});

it("follows a link and leaves it in its place", async () => {
  await using on = await machine();
  await on.write("dotfiles/mcp.json", "{}");
  await on.write(".cursor/other", "");
  await symlink("../dotfiles/mcp.json", join(on.cwd, ".cursor/mcp.json"));
  const { stdout } = await on.run("install", "--client", "cursor", "--json");
  expect(JSON.parse(stdout).path).toBe(join(on.cwd, "dotfiles/mcp.json"));
  expect((await lstat(join(on.cwd, ".cursor/mcp.json"))).isSymbolicLink()).toBe(true);
  expect(await readlink(join(on.cwd, ".cursor/mcp.json"))).toBe("../dotfiles/mcp.json");
  expect(await on.read("dotfiles/mcp.json")).toContain("@holdpoint/mcp");
});

it.each([
  [["--client", "claude-desktop", "--scope", "project"], "no configuration for a project"],
  [["--client", "claude-code", "--scope", "project", "--api-key", KEY], "No key is written"],
  [["--client", "cursor", "--api-key", "hpo_operator"], "Expected an agent's API key"],
  [["--client", "cursor", "--name", "hold point"], "letters"],
  [["--client", "emacs"], "Allowed choices"],
  [[], "--client"],
  [["--client", "cursor", "--url", "ftp://example.com"], "http://"],
])("ends install %j with 2", async (argv, message) => {
  await using on = await machine();
  const ended = await on.run("install", ...argv);
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).not.toContain("hpo_operator");
  expect(await on.files()).toEqual([]);
});

it("asks for a key where there is none", async () => {
  await using on = await machine();
  const argv = ["mcp", "install", "--client", "cursor"];
  const ended = await holdpoint(argv, { cwd: on.cwd, env: { HOME: on.cwd } });
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toContain("holdpoint keys create");
});

it("[S-MCP-INSTALL] keeps every one of several installs at the same moment", async () => {
  await using on = await machine();
  await on.write(".cursor/mcp.json", '{\n  "mcpServers": {}\n}\n');
  const names = Array.from({ length: 8 }, (_, index) => `holdpoint-${index}`);
  const ended = await Promise.all(
    names.map((name) => on.run("install", "--client", "cursor", "--name", name)),
  );
  expect(ended.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
  const { mcpServers } = JSON.parse(await on.read(".cursor/mcp.json"));
  expect(Object.keys(mcpServers).sort()).toEqual(names);
  expect(await on.files()).not.toContain(".cursor/mcp.json.holdpoint-draft");
});
