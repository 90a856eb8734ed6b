import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadServeConfig } from "./serve.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdpoint-config-"));
});
afterAll(() => rm(directory, { recursive: true }));

const KEY = "p8Gd3mXq0cVbL2sYtRkWn5uHfJzA7eQi9oPxN1vTg4E";
const good = () => ({
  HOLDPOINT_DATA_DIR: directory,
  HOLDPOINT_MASTER_KEY: KEY,
  HOLDPOINT_PUBLIC_URL: "https://holdpoint.example.com",
});

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  const result = loadServeConfig(environment);
  return result.ok ? [] : result.problems;
}

describe("loadServeConfig", () => {
  it("gives the configuration of a good environment", () => {
    const result = loadServeConfig({ ...good(), HOLDPOINT_PORT: "0", PATH: "/bin" });
    expect(result).toMatchObject({
      ok: true,
      config: {
        hostname: "127.0.0.1",
        port: 0,
        dataDirectory: directory,
        options: { masterKey: KEY, publicUrl: "https://holdpoint.example.com" },
      },
    });
  });

  it("takes a PostgreSQL database, and keeps parked states in the folder", () => {
    const url = "postgres://holdpoint:p%40ss@db.example.com/holdpoint?sslmode=verify-full";
    const result = loadServeConfig({ ...good(), HOLDPOINT_DATABASE_URL: url });
    expect(result).toMatchObject({
      ok: true,
      config: {
        options: {
          storage: { kind: "postgres", url },
          blobs: { kind: "folder", path: join(directory, "blobs") },
        },
      },
    });
  });

  it("takes a Unix socket beside the port, and asks proofs for nonces", () => {
    const socketPath = join(directory, "holdpoint.sock");
    const result = loadServeConfig({
      ...good(),
      HOLDPOINT_SOCKET: socketPath,
      HOLDPOINT_SOCKET_MODE: "0660",
      HOLDPOINT_PROOF_NONCES: "required",
    });
    const config = { socketPath, socketMode: 0o660, options: { proofNonces: true } };
    expect(result).toMatchObject({ ok: true, config });
  });

  it.each([
    ["HOLDPOINT_SOCKET", "holdpoint.sock"],
    ["HOLDPOINT_SOCKET", "/no-such-folder/holdpoint.sock"],
    ["HOLDPOINT_SOCKET", `/tmp/${"a".repeat(100)}`],
    ["HOLDPOINT_SOCKET_MODE", "0999"],
    ["HOLDPOINT_SOCKET_MODE", "rw"],
    ["HOLDPOINT_PROOF_NONCES", "true"],
  ])("refuses %s=%s", (name, value) => {
    expect(problemsOf({ ...good(), [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it("takes secrets of actions as they are, from the environment and a folder", () => {
    const result = loadServeConfig({
      ...good(),
      HOLDPOINT_SECRET_API_TOKEN: " the token ",
      HOLDPOINT_SECRETS_DIR: directory,
    });
    const secrets = { environment: { API_TOKEN: " the token " }, directory };
    expect(result).toMatchObject({
      ok: true,
      config: { options: { secrets, allowPrivateEgress: false } },
    });
  });

  it("lets actions reach private networks where it is told so", () => {
    const result = loadServeConfig({ ...good(), HOLDPOINT_ALLOW_PRIVATE_EGRESS: "true" });
    expect(result).toMatchObject({ ok: true, config: { options: { allowPrivateEgress: true } } });
  });

  it("lists everything an empty environment lacks", () => {
    const problems = problemsOf({});
    expect(problems).toHaveLength(3);
    expect(problems.join()).toMatch(/DATA_DIR.*MASTER_KEY.*PUBLIC_URL/);
  });

  it.each([
    [{ HOLDPOINT_MASTER_KEY: "short" }, /HOLDPOINT_MASTER_KEY is not a key/],
    [{ HOLDPOINT_MASTER_KEY: "A".repeat(43) }, /HOLDPOINT_MASTER_KEY is not random/],
    [{ HOLDPOINT_PREVIOUS_MASTER_KEYS: `${KEY},x` }, /HOLDPOINT_PREVIOUS_MASTER_KEYS/],
    [{ HOLDPOINT_PUBLIC_URL: "http://holdpoint.example.com" }, /not https/],
    [{ HOLDPOINT_PUBLIC_URL: "http://localhost.example.com" }, /not https/],
    [{ HOLDPOINT_PUBLIC_URL: "holdpoint" }, /not an address/],
    [{ HOLDPOINT_PUBLIC_URL: "https://example.com/holdpoint" }, /more than scheme/],
    [{ HOLDPOINT_DATABASE_URL: `mysql://ada:${KEY}@host/db` }, /not the address of a PostgreSQL/],
    [{ HOLDPOINT_DATABASE_URL: `postgres://ada:${KEY}@host` }, /names no database/],
    [{ HOLDPOINT_DATABASE_URL: `host=db password=${KEY}` }, /HOLDPOINT_DATABASE_URL is not an/],
    [{ HOLDPOINT_PORT: "70000" }, /HOLDPOINT_PORT/],
    [{ HOLDPOINT_PORT: "http" }, /HOLDPOINT_PORT/],
    [{ HOLDPOINT_METRICS_TOKEN: "short" }, /HOLDPOINT_METRICS_TOKEN/],
    [{ HOLDPOINT_ADMIN_EMAIL: "ada" }, /HOLDPOINT_ADMIN_EMAIL/],
    [{ HOLDPOINT_SECRETS_DIR: "/nowhere" }, /HOLDPOINT_SECRETS_DIR \(.*\) is not a folder/],
    [{ HOLDPOINT_ALLOW_PRIVATE_EGRESS: "yes" }, /HOLDPOINT_ALLOW_PRIVATE_EGRESS/],
    [{ HOLDPOINT_SECRET_token: KEY }, /HOLDPOINT_SECRET_token names no secret/],
    [{ HOLDPOINT_MASTERKEY: KEY }, /HOLDPOINT_MASTERKEY is not a variable/],
  ])("refuses %j", (change, words) => {
    const problems = problemsOf({ ...good(), ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(words);
    expect(problems[0]).not.toContain(KEY);
  });

  it.each(["http://localhost:4747", "http://127.0.0.1:4747", "http://[::1]:4747"])(
    "takes %s on this machine",
    (url) => {
      expect(problemsOf({ ...good(), HOLDPOINT_PUBLIC_URL: url })).toEqual([]);
    },
  );

  it.runIf(process.platform !== "win32")("refuses a folder that others can enter", async () => {
    await chmod(directory, 0o755);
    expect(problemsOf(good())[0]).toMatch(/open to every user.*chmod 700/);
    await chmod(directory, 0o700);
    expect(problemsOf(good())).toEqual([]);
  });
});
