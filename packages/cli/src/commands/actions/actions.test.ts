import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WireAction } from "@holdpoint/protocol/gate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Development, holdpoint, startOwnDev } from "../../fixtures/holdpoint.js";
import { issueManifest } from "../../fixtures/manifest.js";

let dev: Development;

beforeAll(async () => {
  dev = await startOwnDev();
});

afterAll(() => dev[Symbol.asyncDispose]());

const run = (...argv: string[]) => holdpoint(["actions", ...argv], { cwd: dev.cwd });

async function runJson<Answer>(...argv: string[]): Promise<Answer> {
  const { exitCode, stdout } = await run(...argv, "--json");
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Answer;
}

async function write(name: string, content: string): Promise<string> {
  await writeFile(join(dev.cwd, name), content);
  return name;
}

it("checks manifests offline, naming file, line and pointer of what is wrong", async () => {
  const good = await write("good.yaml", issueManifest());
  const bad = await write(
    "bad.yaml",
    issueManifest().replace("api.example.com]", "other.example]"),
  );
  const broken = await write("broken.yaml", "id: [");
  const { exitCode, stdout, stderr } = await holdpoint(["actions", "check", good, bad, broken], {
    cwd: dev.cwd,
    env: { HOLDPOINT_URL: "http://127.0.0.1:9" },
  });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^✓ good\.yaml {2}open-issue 1\.0\.0\n {2}sha256:[0-9a-f]{64}$/m);
  expect(stdout).toMatch(/^bad\.yaml:\d+:\d+ {2}error {2}\//m);
  expect(stdout).toMatch(/^broken\.yaml:1:\d+ {2}error {2}/m);
  expect(stderr).toContain("2 of 3 manifests have errors.");
});

it("reads JSON and standard input, and prints each file with --json", async () => {
  const { stdout } = await holdpoint(["actions", "check", "-", "--json"], {
    cwd: dev.cwd,
    input: JSON.stringify({ id: "x" }),
  });
  const { files } = JSON.parse(stdout);
  expect(files).toMatchObject([{ file: "-", valid: false, problems: expect.any(Array) }]);
  expect(files[0].problems).toContainEqual(
    expect.objectContaining({ severity: "error", message: expect.stringContaining("/version: ") }),
  );
});

it("registers, leaves alone what is in use, and replaces by another version", async () => {
  const file = await write("issue.yaml", issueManifest());
  const first = await run("apply", file);
  expect(first.stdout).toMatch(/^✓ open-issue 1\.0\.0 {2}new\n {2}sha256:/);
  const again = await runJson<{ actions: unknown[] }>("apply", file);
  expect(again.actions).toMatchObject([{ id: "open-issue", outcome: "unchanged" }]);
  await write("issue.yaml", issueManifest("1.1.0"));
  expect((await run("apply", file)).stdout).toContain("open-issue 1.1.0  replaces 1.0.0");
  await write("issue.yaml", issueManifest("1.1.0").replace("of the team", "of anybody"));
  expect(await run("apply", file)).toMatchObject({ exitCode: 5, stdout: "" });
});

it("registers none where one has an error", async () => {
  const good = await write("other.yaml", issueManifest().replace("id: open-issue", "id: other"));
  const bad = await write("bad.yaml", issueManifest().replace("risk: medium", "risk: some"));
  const { exitCode, stdout, stderr } = await run("apply", good, bad);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(/bad\.yaml:5:1 {2}error {2}\/risk: /);
  expect(stderr).toContain("Nothing was registered.");
  const { data } = await runJson<{ data: WireAction[] }>("ls");
  expect(data.map(({ id }) => id)).toEqual(["open-issue"]);
});

it("shows what an action takes, where it goes and with what, and its manifest to edit", async () => {
  const list = await run("ls");
  expect(list.stdout).toMatch(
    /^open-issue +1\.1\.0 +medium +policy +0 +never +api\.example\.com$/m,
  );
  const { stdout } = await run("show", "open-issue");
  expect(stdout).toMatch(/runs +POST https:\/\/api\.example\.com\/repositories/);
  expect(stdout).toMatch(/secrets +ISSUE_TOKEN \(header authorization\)/);
  expect(stdout).toMatch(/title +string +required/);
  const manifest = await run("show", "open-issue", "--manifest");
  const file = await write("shown.yaml", manifest.stdout);
  const applied = await runJson<{ actions: unknown[] }>("apply", file);
  expect(applied.actions).toMatchObject([{ outcome: "unchanged" }]);
});

it("withdraws an action, which is then no longer listed", async () => {
  expect((await run("withdraw", "open-issue")).stdout).toContain("open-issue 1.1.0 is withdrawn");
  expect((await run("ls")).stdout).toContain("No actions yet");
  expect(await run("withdraw", "open-issue")).toMatchObject({ exitCode: 4, stdout: "" });
});

it("brings actions along, to register with another host, or to print and edit", async () => {
  const { actions } = await runJson<{ actions: { id: string }[] }>("add");
  expect(actions.map(({ id }) => id)).toContain("http-post");
  const added = await run(
    "add",
    "http-post",
    "--set",
    "domain=api.example.org",
    "--set",
    "risk=high",
  );
  expect(added).toMatchObject({ exitCode: 0, stderr: "" });
  expect(added.stdout).toMatch(/^✓ http-post \d+\.\d+\.\d+ {2}new$/m);
  expect((await runJson<WireAction>("show", "http-post")).registration?.manifest).toMatchObject({
    risk: "high",
    provider: { url: expect.stringMatching(/^https:\/\/api\.example\.org\//) },
    egress: { domains: ["api.example.org"] },
  });
  const file = await write("printed.yaml", (await run("add", "github-issue", "--print")).stdout);
  expect(await run("check", file)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await run("add", "none")).toMatchObject({ exitCode: 4, stdout: "" });
  expect(await run("add", "http-get", "--set", "risk=none")).toMatchObject({ exitCode: 1 });
});
