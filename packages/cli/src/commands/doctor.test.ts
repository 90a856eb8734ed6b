import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Check } from "../checks/check.js";
import { holdpoint, startDev, temporaryFolder } from "../fixtures/holdpoint.js";

function resultsOf(stdout: string): Record<string, string> {
  const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
  return Object.fromEntries(checks.map(({ name, result }) => [name, result]));
}

it("finds nothing wrong where dev runs", async () => {
  await using folder = await temporaryFolder();
  await using dev = await startDev(folder.path);
  const doctor = (env = {}) => holdpoint(["doctor", "--json"], { cwd: dev.cwd, env });
  const { exitCode, stdout } = await doctor();
  expect(resultsOf(stdout)).toEqual({
    "Node.js": "passed",
    Database: "passed",
    "Data folder": "passed",
    "Control plane": "passed",
    Clock: "passed",
    Socket: "skipped",
    "API key": "passed",
    "Operator token": "passed",
    Authority: "passed",
    "Encryption key": "skipped",
  });
  expect(exitCode).toBe(0);

  const human = await holdpoint(["doctor"], { cwd: dev.cwd });
  expect(human.stdout).toMatch(/✓ {2}API key +agent dev-agent in Development: requests:read, /);
  expect(human.stdout).not.toContain(dev.ready.apiKey);
});

it("says what to do about everything that is wrong", async () => {
  await using folder = await temporaryFolder();
  await using dev = await startDev(folder.path);
  await chmod(dev.ready.dataDir, 0o755);
  const { exitCode, stdout } = await holdpoint(["doctor", "--json"], {
    cwd: dev.cwd,
    env: { HOLDPOINT_API_KEY: "hp_wrong", HOLDPOINT_ENCRYPTION_KEY: "short" },
  });
  expect(exitCode).toBe(1);
  expect(resultsOf(stdout)).toMatchObject({
    "Data folder": "failed",
    "Control plane": "passed",
    "API key": "failed",
    "Encryption key": "failed",
  });
  const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
  for (const { result, next } of checks) if (result === "failed") expect(next).toBeTruthy();
});

it("says that nothing answers", async () => {
  await using folder = await temporaryFolder();
  const { exitCode, stdout, stderr } = await holdpoint(["doctor"], {
    cwd: folder.path,
    env: { HOLDPOINT_URL: "http://127.0.0.1:9" },
  });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/✗ {2}Control plane +nothing answers at http:\/\/127\.0\.0\.1:9\n {3}→ /);
  expect(stderr).toContain("1 check failed.");
});

it("finds a frozen authority, by whom and why, and a socket that nobody listens on", async () => {
  await using folder = await temporaryFolder();
  await using dev = await startDev(folder.path);
  await holdpoint(["freeze", "--reason", "A strange refund."], { cwd: dev.cwd });
  const { exitCode, stdout } = await holdpoint(["doctor"], {
    cwd: dev.cwd,
    env: { HOLDPOINT_SOCKET: "gate.sock" },
  });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /✗ {2}Authority +frozen by operator Developer.*: A strange refund\.\n {3}→ holdpoint thaw/,
  );
  expect(stdout).toMatch(/✗ {2}Socket +there is no socket at .*gate\.sock\n {3}→ /);
});

it("finds the socket that dev listens on, and that it is open to its owner alone", async () => {
  await using folder = await temporaryFolder();
  await using dev = await startDev(folder.path, "--socket", "gate.sock");
  const socketPath = join(folder.path, "gate.sock");
  expect(dev.ready.socketPath).toBe(socketPath);
  const { stdout } = await holdpoint(["doctor"], {
    cwd: dev.cwd,
    env: { HOLDPOINT_SOCKET: socketPath },
  });
  expect(stdout).toContain(`${socketPath} is ready, mode 600`);
});
